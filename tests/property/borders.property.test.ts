import * as fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { checkFact } from '../../src/domain/check.ts';
import { commandNamed, commands } from '../../src/domain/commands.ts';
import { roles } from '../../src/domain/kernel/actor.ts';
import { encodeFact, parseFact, text, type Fact } from '../../src/domain/kernel/fact.ts';
import { foldRecord } from '../../src/domain/kernel/fold.ts';
import { createIdSource, idTimeMs } from '../../src/domain/kernel/ids.ts';
import { roomFamilies, shardOf, type RoomAddress } from '../../src/domain/kernel/room.ts';
import { cleanText, codePoints } from '../../src/domain/kernel/text.ts';
import { dayOf, isDay, isMonth, monthOf } from '../../src/domain/kernel/time.ts';
import { kinds } from '../../src/domain/kinds.ts';
import { formatRoomName, parseRoomName } from '../../src/protocol/roomName.ts';
import { community, supervisor, worker } from '../support/community.ts';
import { runs } from './settings.ts';

/** Text with everything that hurts: astral characters, halves of them, joiners, controls, marks that compose. */
const nasty = fc
  .array(fc.oneof(fc.constantFrom('𠮷', '\ud842', '\udfb7', 'e\u0301', '\u200d', '\u0000', '\u007f', '\n', ' ', '家'), fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 40 })
  .map((parts) => parts.join(''));

test('[TX1] cleaned text is well-formed, composed, within its length, and clean again when cleaned again', () => {
  fc.assert(
    fc.property(nasty, fc.integer({ min: 1, max: 30 }), (raw, max) => {
      const clean = cleanText(raw, max);
      expect(clean.isWellFormed()).toBe(true);
      expect(codePoints(clean)).toBeLessThanOrEqual(max);
      expect(clean).not.toMatch(/[\u0000-\u0008\u007f]/);
      expect(cleanText(clean.trim(), max)).toBe(clean.trim());
      if (clean !== '') expect(v.is(text(max), clean)).toBe(true);
    }),
    runs(500),
  );
});

test('[TX2] text that a fact accepts survives its encoding unchanged', () => {
  fc.assert(
    fc.property(nasty, (raw) => {
      if (!v.is(text(200), raw)) return;
      const fact: Fact = { id: 'anna-0', record: 'par_x', kind: 'partner', base: [], set: { name: raw }, by: 'per_x', at: 1 };
      const bytes = new TextEncoder().encode(encodeFact(fact));
      expect(parseFact('anna-0', new TextDecoder().decode(bytes))).toEqual(fact);
    }),
    runs(300),
  );
});

test('[ID1] ids of one device are unique and sorted whatever its clock does', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2050, 0) }), { minLength: 1, maxLength: 30 }), (clock) => {
      let now = 0;
      const ids = createIdSource('tab7', () => now);
      const made = clock.map((at) => {
        now = at;
        return ids.newId('vis');
      });
      expect(new Set(made).size).toBe(made.length);
      expect(made.map(idTimeMs)).toEqual(clock.map((_, index) => Math.max(...clock.slice(0, index + 1))));
    }),
    runs(200),
  );
});

test('[TM1] every instant has one Beijing day and month; rubbish has none and throws at nobody', () => {
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(1992, 0), max: Date.UTC(2099, 0) }), (at) => {
      expect(isDay(dayOf(at))).toBe(true);
      expect(dayOf(at).startsWith(monthOf(at))).toBe(true);
      expect(dayOf(at)).toBe(new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(at));
    }),
    runs(200),
  );
  fc.assert(
    fc.property(fc.oneof(fc.double(), fc.constant(Number.NaN)), nasty, (at, words) => {
      expect(typeof monthOf(at)).toBe('string');
      isDay(words);
      isMonth(words);
    }),
    runs(300),
  );
  for (const day of ['2026-13-01', '2026-00-10', '9999-99-99', '0000-00-00']) expect(isDay(day), day).toBe(false);
});

const word = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,9}$/);
const partsBy = { grid: word, partner: fc.stringMatching(/^[A-Za-z0-9-]{1,12}$/), month: fc.tuple(fc.integer({ min: 2000, max: 2099 }), fc.integer({ min: 1, max: 12 })).map(([y, m]) => `${y}-${String(m).padStart(2, '0')}`) };
const address: fc.Arbitrary<RoomAddress> = fc
  .tuple(fc.constantFrom(...roomFamilies), word, partsBy.grid, partsBy.partner, partsBy.month)
  .map(([family, place, grid, partner, month]) => ({ community: place, family, ...Object.fromEntries(shardOf[family].map((part) => [part, { grid, partner, month }[part]])) }));

test('[RN1] an address comes back from its name, and a name from its address', () => {
  fc.assert(
    fc.property(address, (room) => {
      const name = formatRoomName(room);
      const parsed = parseRoomName(name);
      expect(parsed).toEqual(room);
      expect(parsed && formatRoomName(parsed)).toBe(name);
    }),
    runs(300),
  );
});

test('[RN2] any text is either exactly a name or no room at all', () => {
  fc.assert(
    fc.property(fc.oneof(nasty, fc.array(fc.constantFrom('v1', 'v2', 'roster', 'log', '2026-05', '..', '', 'g1', '%2e'), { maxLength: 6 }).map((parts) => parts.join('/'))), (name) => {
      const room = parseRoomName(name);
      if (room) expect(formatRoomName(room)).toBe(name);
    }),
    runs(500),
  );
});

/** Ids and fields that are nearly right reach deeper than noise does. */
const nearlyId = fc.oneof(fc.constantFrom('par_x', 'hou_1', 'act_x', 'act_zzzzzzzzzzzzzzzzzzzzzzzz', 'act_.', 'vis_----------', 'vis_zzzzzzzzzzzz', 'att_-', 'pen_.'), fc.string({ maxLength: 12 }));
const nearlyFields = fc.dictionary(
  fc.constantFrom(...new Set(Object.values(kinds).flatMap((kind) => Object.keys(kind.entries))), 'deleted', 'toString', 'x'),
  fc.oneof(fc.jsonValue({ maxDepth: 2 }), nearlyId, fc.constantFrom('2026-05-12', '2026-13-45', 'planned', 'general', 'SB0001', 'g1', 1, 25, 1_778_000_000_000)),
  { maxKeys: 14 },
);

test('[CK7] the check answers to anything that parses, for everybody', () => {
  const reasons = new Set<string>();
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(kinds), '__proto__', 'nothing'), nearlyId, nearlyFields, fc.array(fc.constantFrom('lidev-0', 'x-1'), { maxLength: 2 }), fc.constantFrom(...roles, 'authority' as const), address, fc.boolean(),
      (kind, record, set, base, role, room, held) => {
        const fact = { id: 'lidev-1', record, kind, base, set, by: worker.person, at: 5 } as Fact;
        const before = held ? foldRecord([{ ...fact, id: 'lidev-0', base: [] }]) : undefined;
        const home = { ...room, community };
        const problem = checkFact({ ...worker, role }, home, fact, before, () => held);
        reasons.add(problem?.fault ?? 'fine');
      },
    ),
    runs(1_500),
  );
  expect(reasons.size).toBeGreaterThan(3);
});

test('[CK7] in the very room of the kind, too: derived ids and months are made of whatever came', () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.values(kinds)), nearlyId, nearlyFields, (kind, tail, set) => {
      const room: RoomAddress = { community, family: kind.family, grid: 'g1', partner: 'x', month: '2026-05' };
      const record = kind.prefix + tail.slice(3);
      const id = 'derivedId' in kind ? String((kind.derivedId as (fields: typeof set) => string)(set)) : record;
      for (const name of [record, id]) checkFact({ ...supervisor, grids: ['g1'] }, room, { id: 'hedev-1', record: name, kind: kind.name, base: [], set, by: supervisor.person, at: 5 } as Fact, undefined, () => false);
    }),
    runs(1_500),
  );
});

test('[FC4] parsing a fact never throws, and what it takes it gives back', () => {
  fc.assert(
    fc.property(fc.oneof(nasty, fc.json()), fc.oneof(fc.constant('anna-0'), nasty), (json, id) => {
      const fact = parseFact(id, json);
      if (fact) expect(JSON.parse(encodeFact(fact))).toEqual(JSON.parse(json));
    }),
    runs(500),
  );
});

test('[CM2] no input makes a command throw while it is read', () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(commands)), fc.oneof(fc.jsonValue(), nearlyFields), (name, input) => {
      const command = commandNamed(name);
      const parsed = command && v.safeParse(command.input, input);
      if (parsed?.success) command?.rooms(parsed.output, worker, 5);
    }),
    runs(500),
  );
});
