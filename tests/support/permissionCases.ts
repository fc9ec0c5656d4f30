/**
 * What each role may do to each kind, written down by hand and not read from the code: cells of the tests of permission.
 * A cell is two signs, inside and outside of what is the person's own: grid `g1` for the worker, the choir for the leader.
 */
import type { Fields } from '../../src/domain/kernel/fact.ts';
import type { RoomAddress, RoomFamily } from '../../src/domain/kernel/room.ts';
import { pairId, partnerPairId } from '../../src/domain/duplicates/schema.ts';
import { minuteMs } from '../../src/domain/kernel/time.ts';
import { activityId, attendanceId } from '../../src/domain/activity/schema.ts';
import type { KindName } from '../../src/domain/kinds.ts';
import type { Service } from '../../src/domain/permission.ts';
import { memberId, volunteerId } from '../../src/domain/people/schema.ts';
import { doorErasureId, erasureId, memberErasureId } from '../../src/domain/erasure/schema.ts';
import { careId, consentId, readingId } from '../../src/domain/residents/schema.ts';
import { toldId } from '../../src/domain/needs/schema.ts';
import { claimId, grantId, settlementId, verdictId, writeOffId } from '../../src/domain/redemption/ids.ts';
import { pointsRuleId } from '../../src/domain/points/schema.ts';
import { certificateId } from '../../src/domain/certificates/schema.ts';
import { conversionId } from '../../src/domain/roster/schema.ts';
import { bakery, community, group, logOf, morning, peopleOf, roster, singing, today, visitsOf } from './community.ts';

export const columns = ['gridWorker', 'groupLeader', 'supervisor', 'redemptionPoint', 'monitor', 'district'] as const;
export type Column = (typeof columns)[number];

/** The room is there for them: socket, list and snapshot. */
export const seeing: Readonly<Record<RoomFamily, string>> = {
  //       worker leader office counter monitor district
  roster: '++ ++ ++ ++ ++ --',
  people: '+- -- ++ -- -- --',
  visits: '+- -- ++ -- -- --',
  members: '-- +- ++ -- -- --',
  log: '++ ++ ++ ++ ++ --',
  ledger: '++ ++ ++ ++ ++ --',
  claims: '-- -- ++ ++ -- --',
};

/** Whoever sees the room and has nothing to state in it is read only there; everybody else is judged fact by fact. */
export const readOnly: Readonly<Record<RoomFamily, readonly Column[]>> = {
  roster: ['gridWorker', 'redemptionPoint', 'monitor'],
  people: [],
  visits: [],
  members: [],
  log: ['redemptionPoint', 'monitor'],
  ledger: ['gridWorker', 'groupLeader', 'supervisor', 'redemptionPoint', 'monitor'],
  claims: [],
};

/** `own page` and `foreign number` are facts of their own: the fields a group keeps, the number that another tablet made. */
export const stating = {
  //                          worker leader office counter monitor district
  'community state': '-- -- ++ -- -- --',
  'community change': '-- -- ++ -- -- --',
  'community delete': '-- -- ++ -- -- --',
  'grid state': '-- -- ++ -- -- --',
  'grid change': '-- -- ++ -- -- --',
  'grid delete': '-- -- ++ -- -- --',
  'staff state': '-- -- ++ -- -- --',
  'staff change': '-- -- ++ -- -- --',
  'staff delete': '-- -- ++ -- -- --',
  'partner state': '-- -- ++ -- -- --',
  'partner change': '-- -- ++ -- -- --',
  'partner change own page': '-- +- ++ -- -- --',
  'partner delete': '-- -- ++ -- -- --',
  'conversion state': '-- -- ++ -- -- --',
  'conversion change': '-- -- ++ -- -- --',
  'conversion delete': '-- -- ++ -- -- --',
  'space state': '-- -- ++ -- -- --',
  'space change': '-- -- ++ -- -- --',
  'space delete': '-- -- ++ -- -- --',
  'certificate state': '-- -- ++ -- -- --',
  'certificate change': '-- -- ++ -- -- --',
  'certificate delete': '-- -- -- -- -- --',
  'pointsRule state': '-- -- ++ -- -- --',
  'pointsRule change': '-- -- ++ -- -- --',
  'pointsRule delete': '-- -- ++ -- -- --',
  'partnerPair state': '-- -- ++ -- -- --',
  'partnerPair change': '-- -- ++ -- -- --',
  'partnerPair delete': '-- -- ++ -- -- --',
  'building state': '+- -- ++ -- -- --',
  'building change': '+- -- ++ -- -- --',
  'building delete': '+- -- ++ -- -- --',
  'household state': '+- -- ++ -- -- --',
  'household change': '+- -- ++ -- -- --',
  'household delete': '+- -- ++ -- -- --',
  'volunteer state': '+- -- ++ -- -- --',
  'volunteer state foreign number': '-- -- ++ -- -- --',
  'volunteer change': '+- -- ++ -- -- --',
  'volunteer delete': '+- -- ++ -- -- --',
  'member state': '-- +- ++ -- -- --',
  'member change': '-- +- ++ -- -- --',
  'member delete': '-- +- ++ -- -- --',
  'visit state': '+- -- -- -- -- --',
  'visit change': '+- -- ++ -- -- --',
  'visit delete': '+- -- ++ -- -- --',
  'resident state': '+- -- ++ -- -- --',
  'resident change': '+- -- ++ -- -- --',
  'resident delete': '+- -- ++ -- -- --',
  'consent state': '+- -- ++ -- -- --',
  'consent change': '+- -- ++ -- -- --',
  'consent delete': '+- -- ++ -- -- --',
  'care state': '+- -- ++ -- -- --',
  'care change': '+- -- ++ -- -- --',
  'care delete': '+- -- ++ -- -- --',
  'reading state': '+- -- ++ -- -- --',
  'reading change': '-- -- -- -- -- --',
  'reading delete': '-- -- -- -- -- --',
  'pair state': '-- -- ++ -- -- --',
  'pair change': '-- -- ++ -- -- --',
  'pair delete': '-- -- ++ -- -- --',
  'erasure state': '-- -- ++ -- -- --',
  'erasure change': '-- -- -- -- -- --',
  'erasure delete': '-- -- -- -- -- --',
  'doorErasure state': '-- -- -- -- -- --',
  'doorErasure change': '-- -- -- -- -- --',
  'doorErasure delete': '-- -- -- -- -- --',
  'memberErasure state': '-- -- -- -- -- --',
  'memberErasure change': '-- -- -- -- -- --',
  'memberErasure delete': '-- -- -- -- -- --',
  'need state': '+- -- ++ -- -- --',
  'need change': '+- -- ++ -- -- --',
  'need change as served': '+- +- ++ -- -- --',
  'need delete': '+- -- ++ -- -- --',
  'needTold state': '+- -- ++ -- -- --',
  'needTold change': '+- -- ++ -- -- --',
  'needTold delete': '+- -- ++ -- -- --',
  'intake state': '++ ++ ++ -- -- --',
  'intake change': '-- -- -- -- -- --',
  'intake delete': '-- -- -- -- -- --',
  'feedback state': '+- -- ++ -- -- --',
  'feedback change': '+- -- ++ -- -- --',
  'feedback delete': '+- -- ++ -- -- --',
  'activity state': '++ +- ++ -- -- --',
  'activity change': '++ +- ++ -- -- --',
  'activity delete': '++ +- ++ -- -- --',
  'attendance state': '++ +- ++ -- -- --',
  'attendance change': '++ +- ++ -- -- --',
  'attendance delete': '++ +- ++ -- -- --',
  'pointsEntry state': '-- -- -- -- -- --',
  'pointsEntry change': '-- -- -- -- -- --',
  'pointsEntry delete': '-- -- -- -- -- --',
  'grant state': '-- -- -- -- -- --',
  'grant change': '-- -- -- -- -- --',
  'grant delete': '-- -- -- -- -- --',
  'pointsMove state': '-- -- -- -- -- --',
  'pointsMove change': '-- -- -- -- -- --',
  'pointsMove delete': '-- -- -- -- -- --',
  'verdict state': '-- -- -- -- -- --',
  'verdict change': '-- -- -- -- -- --',
  'verdict delete': '-- -- -- -- -- --',
  'claim state': '-- -- -- +- -- --',
  'claim change': '-- -- -- -- -- --',
  'claim delete': '-- -- -- -- -- --',
  'redemptionRequest state': '-- -- -- +- -- --',
  'redemptionRequest change': '-- -- -- -- -- --',
  'redemptionRequest delete': '-- -- -- -- -- --',
  'settlement state': '-- -- ++ -- -- --',
  'settlement change': '-- -- -- -- -- --',
  'settlement delete': '-- -- -- -- -- --',
  'writeOff state': '-- -- ++ -- -- --',
  'writeOff change': '-- -- -- -- -- --',
  'writeOff delete': '-- -- -- -- -- --',
  'reward state': '-- -- ++ -- -- --',
  'reward change': '-- -- ++ -- -- --',
  'reward delete': '-- -- ++ -- -- --',
} as const satisfies Readonly<Record<string, string>>;
/** One sign: there is no inside or outside to it. */
export const asking = {
  //             worker leader office counter monitor district
  administer: '- - + - - -',
  openCommunity: '- - + - - -',
} as const satisfies Readonly<Record<Service, string>>;
export type Deed = keyof typeof stating;
export const deeds = Object.keys(stating) as readonly Deed[];

export interface Cell {
  readonly deed: Deed;
  readonly kind: KindName;
  readonly act: 'state' | 'change' | 'delete';
  readonly column: Column;
  readonly inside: boolean;
  readonly allowed: boolean;
}

export const cellsOf = (table: Readonly<Record<string, string>>): Cell[] =>
  Object.entries(table).flatMap(([deed, row]) => {
    const [kind = '', act = ''] = deed.split(' ');
    return row.split(' ').flatMap((signs, index) =>
      [true, false].map((inside) => ({
        deed: deed as Deed, kind: kind as KindName, act: act as Cell['act'], column: columns[index] as Column, inside, allowed: signs[inside ? 0 : 1] === '+',
      })),
    );
  });

export const cellName = ({ deed, column, inside }: Cell): string => `${deed}, ${column}, ${inside ? 'inside' : 'outside'}`;

export interface Sample {
  readonly room: RoomAddress;
  readonly record: string;
  readonly fields: Fields;
}

let made = 0;
const stamp = morning.toString(36).padStart(9, '0');
const gridOf = (inside: boolean): string => (inside ? 'g1' : 'g2');
const partnerOf = (inside: boolean): string => (inside ? group : bakery);
export const membersOf = (inside: boolean): RoomAddress => ({ community, family: 'members', partner: partnerOf(inside).slice(4) });
export const ledgerRoom: RoomAddress = { community, family: 'ledger', month: today.slice(0, 7) };
export const claimsRoom: RoomAddress = { ...ledgerRoom, family: 'claims' };

export const roomOf = (family: RoomFamily, inside: boolean): RoomAddress =>
  ({ roster, people: peopleOf(gridOf(inside)), visits: visitsOf(gridOf(inside)), members: membersOf(inside), log: logOf(), ledger: ledgerRoom, claims: claimsRoom })[family];

/** A record of its own each time, as this device would make it. */
export function sampleOf(kind: KindName, inside: boolean, device: string): Sample {
  const count = ++made;
  const own = `${device}${count.toString(36)}`;
  const [grid, partner] = [gridOf(inside), partnerOf(inside)];
  const number = `SB${own.toUpperCase()}`;
  const free = (prefix: string): string => `${prefix}_${stamp}${own}`;
  const activity = activityId(partner, singing.startsAt);
  const rule = { serviceClass: 'general', pointsPerHour: count % 1_000, validFrom: '2026-01-01' };
  const [resident, need] = [free('res'), free('nee')];
  const startsAt = singing.startsAt + count * minuteMs;
  const month = today.slice(0, 7);
  const grant = grantId(month, inside ? device : 'kp2dev', count);
  const claim = { grant, seq: 1, type: 'redeem', volunteer: number, points: 5, madeAt: morning };
  const verdict = verdictId(claimId(claim));
  const samples: Readonly<Record<KindName, Sample>> = {
    community: { room: roster, record: free('com'), fields: { name: '双柏社区', district: '郫都区' } },
    grid: { room: roster, record: `grd_${own}`, fields: { code: own, name: '新网格' } },
    staff: { room: roster, record: free('per'), fields: { name: '李', role: 'gridWorker', grids: [], partners: [] } },
    partner: { room: roster, record: free('par'), fields: { name: '茶馆', type: 'business', legalForm: 'person', stage: 'prospect' } },
    conversion: { room: roster, record: conversionId(`par_${own}`, today), fields: { partner: `par_${own}`, to: 'business', on: today } },
    space: { room: roster, record: free('spa'), fields: { name: '议事厅' } },
    pointsRule: { room: roster, record: pointsRuleId(rule), fields: rule },
    partnerPair: { room: roster, record: partnerPairId('par_0', `par_${own}`), fields: { one: 'par_0', other: `par_${own}`, verdict: 'different' } },
    building: { room: peopleOf(grid), record: free('bld'), fields: { grid, name: '1栋' } },
    household: { room: peopleOf(grid), record: free('hou'), fields: { grid, building: 'bld_1', unit: 1, floor: 1, door: own } },
    volunteer: { room: peopleOf(grid), record: volunteerId(number), fields: { grid, number, name: '张桂芳' } },
    member: { room: membersOf(inside), record: memberId(partner, number), fields: { partner, number, name: '张姐' } },
    resident: { room: peopleOf(grid), record: resident, fields: { grid, household: 'hou_1', name: '周大爷' } },
    consent: { room: peopleOf(grid), record: consentId(resident, 'contact', today), fields: { grid, resident, purpose: 'contact', givenOn: today, until: '2027-05-12', way: 'spoken' } },
    care: { room: peopleOf(grid), record: careId(resident, 'livesAlone'), fields: { grid, resident, tag: 'livesAlone', reason: '儿女在外地', reviewOn: '2027-05-12' } },
    reading: { room: visitsOf(grid), record: readingId(resident, 'per_li', 'phone', today), fields: { grid, resident, reader: 'per_li', field: 'phone', on: today } },
    pair: { room: peopleOf(grid), record: pairId(resident, `${resident}x`), fields: { grid, one: resident, other: `${resident}x`, verdict: 'different' } },
    erasure: { room: peopleOf(grid), record: erasureId(resident), fields: { grid, about: resident, doors: [], why: 'asked', on: today } },
    doorErasure: { room: visitsOf(grid), record: doorErasureId(free('hou'), today.slice(0, 7)), fields: { grid, month: today.slice(0, 7), door: `hou_${stamp}${own}`, until: morning } },
    memberErasure: { room: membersOf(inside), record: memberErasureId(partner, number), fields: { partner, number } },
    need: { room: logOf(), record: need, fields: { grid, category: 'repair', title: '楼道灯不亮', stage: 'matched', partner, openedAt: morning, matchedAt: morning } },
    needTold: { room: visitsOf(grid), record: toldId(need), fields: { grid, household: 'hou_1', words: '晚上看不见' } },
    intake: { room: logOf(), record: free('imp'), fields: { list: 'doors', grids: [grid], groups: [], born: 2, changed: 0, facts: 3 } },
    feedback: { room: logOf(), record: free('fbk'), fields: { grid, partner, answer: 'partly', saidAt: morning } },
    visit: { room: visitsOf(grid), record: free('vis'), fields: { grid, household: 'hou_1', visitedAt: morning, outcome: 'met' } },
    activity: { room: logOf(), record: activityId(partner, startsAt), fields: { ...singing, organiser: partner, startsAt, endsAt: startsAt + 60 * minuteMs, status: 'planned' } },
    attendance: { room: logOf(), record: attendanceId(activity, number), fields: { activity, volunteer: number, hoursTenths: 20 } },
    certificate: {
      room: logOf(), record: certificateId(`SB202605-${own.toUpperCase().padStart(5, '0')}`),
      fields: {
        serial: `SB202605-${own.toUpperCase().padStart(5, '0')}`, code: '0123456789ABCDEF', volunteer: number, from: '2026-01-01', through: today, hoursTenths: 20, times: 1, services: ['care'],
        issuer: '双柏社区', inCharge: '何', handler: '陈', contact: '028-0000', issuedOn: today,
      },
    },
    pointsEntry: {
      room: ledgerRoom, record: free('pen'),
      fields: {
        volunteer: number, points: 20, debit: 'issued', credit: `volunteer:${number}`, activity, attendance: attendanceId(activity, number),
        fact: `${device}-0`, hoursTenths: 20, rule: 'prl_general', occurredOn: today, reason: 'service',
      },
    },
    grant: { room: ledgerRoom, record: grant, fields: { month, device: inside ? device : 'kp2dev', nth: count, person: 'per_ko', openedAt: morning } },
    pointsMove: { room: ledgerRoom, record: free('pmv'), fields: { month, volunteer: number, points: 5, debit: `volunteer:${number}`, credit: `redeemed:kodev`, reason: 'redeemed', occurredOn: today } },
    verdict: { room: ledgerRoom, record: verdict, fields: { about: claimId(claim), grant, result: 'booked', decidedAt: morning } },
    claim: { room: claimsRoom, record: claimId(claim), fields: claim },
    redemptionRequest: { room: claimsRoom, record: free('req'), fields: { grant, volunteer: number, points: 5 } },
    settlement: { room: claimsRoom, record: settlementId(verdict), fields: { verdict, grant, decision: 'void' } },
    writeOff: { room: claimsRoom, record: writeOffId(grant), fields: { grant } },
    reward: { room: roster, record: free('rwd'), fields: { name: '大米', points: 50 } },
  };
  return samples[kind];
}

const changes: Readonly<Record<KindName, Fields>> = {
  community: { residents: 5 }, grid: { name: '改名' }, staff: { name: '改名' }, partner: { stage: 'active' }, conversion: { reason: '改' }, space: { terms: '改' },
  pointsRule: { note: '改' }, certificate: { withdrawnOn: today }, building: { courtyard: '改' }, household: { hint: '改' }, volunteer: { name: '改名' }, member: { name: '改名' },
  resident: { name: '改名' }, consent: { until: '2028-05-12' }, care: { reason: '改' }, pair: { verdict: 'open' }, partnerPair: { verdict: 'open' }, need: { title: '改' }, needTold: { words: '改' }, feedback: { words: '改' },
  // Every field of a reading is fixed, of an import, and of an erasure of a member.
  reading: {}, intake: {}, memberErasure: {}, erasure: { why: 'movedAway' }, doorErasure: { until: morning + 1 },
  visit: { note: '改' }, activity: { note: '改' }, attendance: { hoursTenths: 5 },
  // Every field of an entry is fixed, and of what is said at a counter.
  pointsEntry: {}, grant: {}, pointsMove: {}, verdict: {}, claim: {}, redemptionRequest: {}, settlement: { note: '改' }, writeOff: { note: '改' }, reward: { note: '改' },
};
export const changeOf = ({ deed, kind, act, inside }: Cell): Fields =>
  act === 'delete' ? { deleted: true } : (partOfTheRecord(inside)[deed] ?? changes[kind]);
const partOfTheRecord = (inside: boolean): Readonly<Partial<Record<Deed, Fields>>> => ({
  'partner change own page': { note: '改', place: '改', services: ['改'], resources: ['place'] },
  'need change as served': { partner: partnerOf(inside), stage: 'done', doneAt: morning },
});
