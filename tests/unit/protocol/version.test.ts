import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { encodeFact, type Fields } from '../../../src/domain/kernel/fact.ts';
import { lineText, noteText } from '../../../src/domain/kernel/fields.ts';
import { kinds } from '../../../src/domain/kinds.ts';
import type { Kind } from '../../../src/domain/kernel/kind.ts';
import { roomFamilies, shardOf } from '../../../src/domain/kernel/room.ts';
import * as api from '../../../src/protocol/api.ts';
import { closeCodes, refusalReasons } from '../../../src/protocol/closeReasons.ts';
import * as messages from '../../../src/protocol/messages.ts';
import { protocolVersion, subprotocol } from '../../../src/protocol/version.ts';

/**
 * What both ends must agree on, by version. When this test goes red, ask: could a tablet of the last version misread a room
 * or a message of this one, or be refused for what it states? Then bump `protocolVersion`, say in its history what changed,
 * and add a line here. If not (an optional field more, say), or while no version has been released, put the new hash in.
 */
const hashes: Readonly<Record<number, string>> = {
  1: '2bf1dac697ca3ffd',
};

/** A schema as data: types, choices, patterns, bounds. What stands in a function is seen by the probes below instead. */
function asData(value: unknown, above: readonly unknown[] = []): unknown {
  if (value instanceof RegExp) return value.source;
  if (typeof value === 'function' || typeof value === 'undefined') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (above.includes(value)) return undefined;
  const inside = [...above, value];
  if (Array.isArray(value)) return value.map((each) => asData(each, inside));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !name.startsWith('~') && name !== 'expects')
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, each]) => [name, asData(each, inside)]),
  );
}

const lengths = [0, 1, 2, 4, 12, 40, 80, 81, 200, 201, 2_000, 2_001];
const probes: readonly unknown[] = [
  ...lengths.map((length) => '好'.repeat(length)), ...lengths.map((length) => Array.from({ length }, () => 'par_x')),
  '\ud842', 'a\u0000', '2026-02-28', '2026-02-30', 'par_x', 'hou_x', 'SB0001', 'g1', 'anna-0', 'volunteer:SB0001', null, true, {},
  -3, 0, 1, 2.5, 99, 100, 120, 121, 240, 241, 1_000, 1_001, 100_000, 100_001, 946_684_800_000, 4_102_444_800_001, 2 ** 53,
];
/** Which of the probes a field takes: this sees the limits that structure hides. */
const taken = (schema: v.GenericSchema): string => probes.map((probe) => (v.is(schema, probe) ? 1 : 0)).join('');
const fieldsOf = (entries: Readonly<Record<string, v.GenericSchema>>) =>
  Object.entries(entries).map(([name, schema]) => [name, asData(schema), taken(schema)]);

const sample: Fields = {
  organiser: 'par_x', startsAt: 1_778_000_000_000, activity: 'act_x.g4m4n', volunteer: 'SB0001', number: 'SB0001', partner: 'par_x', on: '2026-05-12',
  code: 'g1', grid: 'g1', serviceClass: 'general', validFrom: '2026-01-01', pointsPerHour: 10, dayCap: 40, serial: 'SB202605-ANNA0',
};
/** Ids and rooms that both ends derive alike. */
const derived = (kind: Kind) => [kind.derivedId?.(sample), kind.shard(`${kind.prefix}_x.g4m4n`, sample)];

function layout(): unknown {
  const ofKinds = Object.values<Kind>(kinds).map((kind) => {
    const { name, family, prefix, fixed, entries } = kind;
    return { name, family, prefix, fixed, entries: fieldsOf(entries), derived: derived(kind) };
  });
  const ofApi = Object.entries(api).filter(([name]) => name.endsWith('Schema')).map(([name, schema]) => [name, asData(schema)]);
  const ofMessages = Object.entries(messages).filter(([name]) => /^(message|facts)/.test(name)).sort(([a], [b]) => (a < b ? -1 : 1));
  const bytes = [messages.encodeAcknowledgement(new Map([[7, 300]])), messages.encodeRefusal({ reason: 'gap', fact: 'a', field: 'b' })].map((each) => [...each]);
  const fact = encodeFact({ id: 'anna-0', record: 'par_x', kind: 'partner', base: [], set: sample, by: 'per_x', at: 1 });
  return { ofKinds, ofApi, ofMessages, bytes, fact, closeCodes, refusalReasons, roomFamilies, shardOf };
}

const hashOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);

test('[PR3] schemas, kinds and messages are those of this version', () => {
  expect(hashOf(layout())).toBe(hashes[protocolVersion]);
  expect(subprotocol).toBe(`linhuo.v${protocolVersion}`);
});

test('[PR3] the hash notices a field, a choice, a pattern and a limit that changed', () => {
  const { entries } = kinds.attendance;
  const hash = (changed: Readonly<Record<string, v.GenericSchema>>) => hashOf(fieldsOf(changed));
  const { byProxy: _dropped, ...fewer } = entries;
  const others = [fewer, { ...entries, hoursTenths: kinds.activity.entries.headCount }, { ...entries, volunteer: entries.activity }, { ...entries, byProxy: v.boolean() }];
  const notes = [lineText, noteText].map((note) => ({ ...entries, note }));
  const choices = [['met', 'notHome'], ['met', 'declined']].map((outcomes) => ({ ...entries, outcome: v.picklist(outcomes) }));
  const hashed = [entries, ...others, ...notes, ...choices].map(hash);
  expect(new Set(hashed).size).toBe(hashed.length);
});
