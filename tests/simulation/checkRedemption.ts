/**
 * SI9, by an auditor of its own, from the facts on the server's disk: nobody spends more than there is, every claim that a
 * tablet stated has one answer, honest ones are paid however late they come, copies are found, and what a counter says is
 * left is what the ledger holds for it.
 */
import { decodeFact, type Fact } from '../../src/domain/kernel/fact.ts';
import type { Folded } from '../../src/domain/kernel/fold.ts';
import type { Listed } from '../../src/domain/kernel/listed.ts';
import { isVolunteers } from '../../src/domain/points/accounts.ts';
import type { PointsEntryFields } from '../../src/domain/points/schema.ts';
import { decideBookings } from '../../src/domain/redemption/booking.ts';
import type { ClaimFields, GrantFields, PointsMoveFields, RequestFields, SettlementFields, VerdictFields, WriteOffFields } from '../../src/domain/redemption/schema.ts';
import { CommunityPurse } from '../../server/authority/purse.ts';
import { foldedOnServer, roomsOf as roomsOn } from './checkContent.ts';
import { counterOn } from './counterActs.ts';
import { communityName, isCounter } from './people.ts';
import type { Tablet } from './tablet.ts';
import type { World } from './world.ts';

const roomsOf = (world: World, family: string): string[] => [...world.serverDisk.facts.keys()].filter((room) => room.split('/')[2] === family).sort();
const grantPart = (grant: string, nth: number): string => grant.slice('grt_'.length).split('.')[nth] ?? '';
const deviceOf = (grant: string): string => grantPart(grant, 1);
const ledgerOf = (grant: string): string => `v1/${communityName}/ledger/${grantPart(grant, 0)}`;
const sum = (points: Iterable<number>): number => [...points].reduce((all, each) => all + each, 0);

/** Everything the server's disk says about points, every month together. */
interface Books {
  readonly entries: readonly Listed<PointsEntryFields | PointsMoveFields>[];
  readonly moves: readonly Listed<PointsMoveFields>[];
  readonly grants: readonly Listed<GrantFields>[];
  readonly verdicts: readonly Listed<VerdictFields>[];
  readonly claims: readonly Listed<ClaimFields>[];
  readonly requests: readonly Listed<RequestFields>[];
  readonly settlements: readonly Listed<SettlementFields>[];
  readonly writtenOff: ReadonlySet<string>;
  readonly accounts: ReadonlyMap<string, number>;
}

function booksOf(world: World): Books {
  const records = [...roomsOf(world, 'ledger'), ...roomsOf(world, 'claims')].flatMap((room) => foldedOnServer(world, room));
  const of = <F>(...kinds: string[]): Listed<F>[] => records.filter(({ kind }) => kinds.includes(kind)).map(({ record, fields }: Folded) => ({ id: record, fields: fields as F }));
  const entries = of<PointsEntryFields | PointsMoveFields>('pointsEntry', 'pointsMove');
  const accounts = new Map<string, number>();
  const add = (account: string, points: number): void => void accounts.set(account, (accounts.get(account) ?? 0) + points);
  for (const { fields } of entries) {
    add(fields.debit, -fields.points);
    add(fields.credit, fields.points);
  }
  return {
    entries, accounts, moves: of('pointsMove'), grants: of('grant'), verdicts: of('verdict'), claims: of('claim'), requests: of('redemptionRequest'), settlements: of('settlement'),
    writtenOff: new Set(of<WriteOffFields>('writeOff').map(({ fields }) => fields.grant)),
  };
}

/** What became of points in a run. */
export function spendings(world: World): Readonly<Record<string, number>> {
  const { verdicts, moves, settlements, writtenOff } = booksOf(world);
  const counts: Record<string, number> = { copies: world.copies, settled: settlements.length, writtenOff: writtenOff.size };
  for (const what of [...verdicts.map(({ fields }) => fields.result), ...moves.map(({ fields }) => fields.reason)]) counts[what] = (counts[what] ?? 0) + 1;
  return counts;
}

const sizes = new WeakMap<World, number>();
/** Ledgers only grow: one of the same size was looked at before. */
function hasGrown(world: World): boolean {
  const size = sum(roomsOf(world, 'ledger').map((room) => world.serverDisk.facts.get(room)?.size ?? 0));
  const grown = sizes.get(world) !== size;
  sizes.set(world, size);
  return grown;
}

/** Holds at every moment. */
export function overspent(world: World): string[] {
  if (!hasGrown(world)) return [];
  const { accounts } = booksOf(world);
  return [
    ...[...accounts].filter(([account, points]) => account.startsWith('held:') && points < 0).map(([account, points]) => `${account} stands at ${String(points)}`),
    ...(sum(accounts.values()) === 0 ? [] : ['the accounts do not sum to zero']),
    ...roomsOf(world, 'ledger').flatMap((room) => statedTwice(world, room)),
  ];
}

/** A record of a ledger is one fact: a second one would be something posted twice. */
function statedTwice(world: World, room: string): string[] {
  const facts = [...(world.serverDisk.facts.get(room) ?? [])].map(([id, { json }]) => decodeFact(id, json));
  return [...Map.groupBy(facts, ({ record }) => record)].filter(([, own]) => own.length > 1).map(([record, own]) => `${record} is posted as ${own.map(({ id }) => id).join(' and ')}`);
}

/** Holds at rest. */
export function unsettled(world: World): string[] {
  const books = booksOf(world);
  return [
    ...belowZero(books), ...unanswered(world, books), ...unpaid(world, books), ...undetected(world, books), ...heldForTwo(world, books),
    ...unfounded(books), ...wronglySpent(books), ...stillToBook(books), ...world.tablets.flatMap((tablet) => untrueCounter(world, tablet, books)),
  ];
}

const belowZero = ({ accounts }: Books): string[] =>
  [...accounts].filter(([account, points]) => isVolunteers(account) && points < 0).map(([account, points]) => `${account} is left at ${String(points)}`);

/** Records of a kind that tablets called saved. */
const stated = (world: World, prefix: string): { readonly record: string; readonly device: string }[] =>
  world.tablets.flatMap(({ saved, device }) => saved.filter(({ record }) => record.startsWith(prefix)).map(({ record }) => ({ record, device })));

/** What was handed out for is in the books, or the office's to decide; asked for likewise. */
function unanswered(world: World, { verdicts, claims, requests }: Books): string[] {
  const judged = new Set(verdicts.map(({ fields }) => fields.about));
  const all = new Set([...claims.map(({ id }) => id), ...requests.map(({ id }) => id), ...stated(world, 'clm_').map(({ record }) => record)]);
  return [...all].filter((id) => !judged.has(id)).map((id) => `there is no word on ${id}`);
}

/** A tablet that nobody copied is believed. */
function unpaid(world: World, { verdicts }: Books): string[] {
  return verdicts
    .filter(({ fields }) => fields.seq !== undefined && !world.copied.has(deviceOf(fields.grant)) && fields.result !== 'booked' && fields.result !== 'late')
    .map(({ fields }) => `${fields.about} is honest, and ${fields.result}`);
}

/** Of two claims at one place one at most is in the chain; the office has the others. */
function undetected(world: World, { verdicts, claims }: Books): string[] {
  const results = new Map(verdicts.map(({ fields }) => [fields.about, fields.result]));
  const places = Map.groupBy(new Set([...claims.map(({ id }) => id), ...stated(world, 'clm_').map(({ record }) => record)]), (id) => id.split('.').slice(0, -1).join('.'));
  return [...places].flatMap(([place, rivals]) => {
    const standing = rivals.filter((id) => results.get(id) !== 'forked');
    return standing.length > 1 ? [`${place} is taken by ${standing.join(' and ')}`] : [];
  });
}

/** Numbers rise as the authority states. */
const numberOf = ({ id }: Pick<Fact, 'id'>): number => Number.parseInt(id.split('-')[1] ?? '', 36);

/** A tablet of which there are two is held nothing more for, from when that was seen until it is settled. */
function heldForTwo(world: World, { verdicts, settlements }: Books): string[] {
  const facts = roomsOf(world, 'ledger').flatMap((room) => [...(world.serverDisk.facts.get(room) ?? [])].map(([id, { json }]) => decodeFact(id, json)));
  const settled = new Set(settlements.map(({ fields }) => fields.verdict));
  const open = new Set(verdicts.filter(({ id, fields }) => fields.result === 'forked' && !settled.has(id)).map(({ id }) => id));
  return facts.filter(({ record }) => open.has(record)).flatMap((found) => {
    const device = deviceOf(String(found.set['grant']));
    return facts
      .filter((fact) => fact.set['reason'] === 'held' && deviceOf(String(fact.set['grant'])) === device && numberOf(fact) > numberOf(found))
      .map(({ record }) => `${record} is held for ${device} after ${found.record} was seen`);
  });
}

/** The community stands for no more than what was written off, honoured, or corrected after it was spent. */
function unfounded({ accounts, moves }: Books): string[] {
  const shortfall = 0 - (accounts.get('shortfall') ?? 0);
  const total = (reason: string): number => sum(moves.map(({ fields }) => (fields.reason === reason ? fields.points : 0)));
  const honoured = sum(moves.map(({ fields }) => (fields.settlement === undefined ? 0 : fields.points)));
  const covered = total('covered') - total('repaid');
  return covered >= 0 && shortfall <= total('lost') + honoured + covered ? [] : [`the community stands for ${String(shortfall)}, of which ${String(total('lost') + honoured + covered)} have a reason`];
}

/** What a counter has handed out for is what its verdicts say, less what was taken back. */
function wronglySpent({ accounts, verdicts, claims, settlements, moves }: Books): string[] {
  const points = new Map(claims.map(({ id, fields }) => [id, fields.points ?? 0]));
  const honoured = new Set(moves.flatMap(({ fields }) => fields.settlement ?? []));
  const byDecision = new Set(settlements.filter(({ id }) => honoured.has(id)).map(({ fields }) => fields.verdict));
  const spent = new Map<string, number>();
  for (const { id, fields } of verdicts) {
    const counts = fields.result === 'booked' || fields.result === 'late' || byDecision.has(id);
    const sign = fields.type === 'redeem' ? 1 : fields.type === 'cancel' ? -1 : 0;
    if (counts && sign !== 0) spent.set(deviceOf(fields.grant), (spent.get(deviceOf(fields.grant)) ?? 0) + sign * (fields.points ?? points.get(fields.about) ?? 0));
  }
  return [...spent].flatMap(([device, all]) => ((accounts.get(`redeemed:${device}`) ?? 0) === all ? [] : [`${device} handed out for ${String(all)}, and the ledger has ${String(accounts.get(`redeemed:${device}`) ?? 0)}`]));
}

/** The authority, asked by somebody who folds its ledger from nothing, has nothing to add. */
function stillToBook({ grants, entries, claims, requests, settlements, verdicts, moves, writtenOff }: Books): string[] {
  const purse = new CommunityPurse();
  const kindOf = ({ id }: { readonly id: string }): string => (id.startsWith('pen_') ? 'pointsEntry' : 'pointsMove');
  for (const entry of entries) purse.note({ record: entry.id, kind: kindOf(entry), set: entry.fields as Fact['set'] });
  const of = <F extends { readonly grant?: string | undefined }>(all: readonly Listed<F>[], grant: string) => all.filter(({ fields }) => fields.grant === grant);
  return grants.flatMap((grant) =>
    decideBookings({
      grant, claims: of(claims, grant.id), requests: of(requests, grant.id), settlements: of(settlements, grant.id), writtenOff: writtenOff.has(grant.id), frozen: false,
      verdicts: of(verdicts, grant.id), moves: of(moves, grant.id),
    }, purse, 0).map(({ record }) => `${record} is still to be posted`));
}

/** Of the months that are live by its clock: what is left at a counter is what the ledger holds for it, to the point. */
function untrueCounter(world: World, tablet: Tablet, { accounts, writtenOff, verdicts, settlements }: Books): string[] {
  if (!isCounter(tablet.seat)) return [];
  const live = new Set(roomsOn(world, tablet));
  const { rows } = tablet.screens();
  const { grant, left, frozen } = counterOn({ device: tablet.device, rows: (family, kind) => rows(family, kind).filter(({ room }) => live.has(room)) });
  const settled = new Set(settlements.map(({ fields }) => fields.verdict));
  const cases = verdicts.some(({ id, fields }) => fields.result === 'forked' && deviceOf(fields.grant) === tablet.device && !settled.has(id) && live.has(ledgerOf(fields.grant)));
  if (frozen !== cases) return [`${tablet.name} is ${frozen ? '' : 'not '}frozen, and there is ${cases ? 'a' : 'no'} case`];
  if (!grant || writtenOff.has(grant.id) || world.copied.has(tablet.device)) return [];
  const tail = grant.id.slice('grt_'.length);
  return [...left].flatMap(([volunteer, points]) => {
    const held = accounts.get(`held:${tail}:${volunteer}`) ?? 0;
    return held === points ? [] : [`${tablet.name} says ${String(points)} are left for ${volunteer} under ${grant.id}, and the ledger holds ${String(held)}`];
  });
}
