/** What a person at a tablet does next: a command on something the tablet shows, often on what others are changing too. */
import type { Random } from '../../server/demo/random.ts';
import { addDays, dayOf, hourMs, instantOf } from '../../src/domain/kernel/time.ts';
import type { Row } from '../../src/replica/contract.ts';
import { atCounter, inOffice } from './counterActs.ts';
import { bakery, choir, grids, volunteers, type Town } from './people.ts';
import { refOf, type Act, type Maker, type Screens } from './screens.ts';

const words = ['一', '二', '三', '四'] as const;

/** A few half-days around today, so that tablets that never met log the same activity. */
const slot = (now: number, random: Random): number => instantOf(addDays(dayOf(now), random.between(-2, 1)), random.pick(['09:00', '14:00']));

const activityFields = (now: number, random: Random) => {
  const startsAt = slot(now, random);
  return {
    organiser: random.pick([choir, bakery]), title: `活动${random.pick(words)}`, activityKind: 'class', startsAt, endsAt: startsAt + 2 * hourMs,
    feeClass: 'free', serviceClass: random.pick(['general', 'care']),
  };
};
const lines = (random: Random, max: number) =>
  random.shuffled(volunteers).slice(0, random.between(0, max)).map((volunteer) => ({ volunteer, hoursTenths: random.between(1, 60) }));

/** A change of some record of a kind that is on screen. */
const onRow = (family: string, kind: string, fields: (random: Random, row: Row) => object): Maker => (screens, random) => {
  const rows = screens.rows(family, kind);
  if (rows.length === 0) return undefined;
  const row = random.pick(rows);
  const ref = refOf(row);
  return ref && { ref, ...fields(random, row) };
};

const note = (random: Random) => ({ note: random.pick([...words, null]) });

const makers: Readonly<Record<string, readonly [weight: number, make: Maker]>> = {
  recordVisit: [10, (screens, random) => {
    const doors = screens.rows('people', 'household');
    if (doors.length === 0) return undefined;
    const door = random.pick(doors);
    return { grid: String(door.fields['grid']), household: door.id, visitedAt: screens.now, outcome: random.pick(['met', 'notHome', 'declined']) };
  }],
  reviseVisit: [4, onRow('visits', 'visit', (random) => ({ outcome: random.pick(['met', 'notHome']), ...note(random) }))],
  logActivity: [10, ({ now }, random) => ({ ...activityFields(now, random), attendances: lines(random, 3) })],
  planActivity: [3, ({ now }, random) => activityFields(now, random)],
  reviseActivity: [5, onRow('log', 'activity', (random) => ({ title: `活动${random.pick(words)}`, serviceClass: random.pick(['general', 'care', 'none']) }))],
  cancelActivity: [2, onRow('log', 'activity', () => ({}))],
  recordAttendance: [8, (screens, random) => {
    const rows = screens.rows('log', 'activity');
    const activity = rows.length === 0 ? undefined : refOf(random.pick(rows));
    const present = lines(random, 3);
    const absent = volunteers.filter((number) => random.chance(0.2) && !present.some(({ volunteer }) => volunteer === number));
    return activity && { activity, present, absent };
  }],
  addPartner: [1, (_screens, random) => ({ name: `店${random.pick(words)}`, type: 'business', legalForm: 'organisation', stage: 'active' })],
  revisePartner: [6, onRow('roster', 'partner', (random) => note(random))],
  convertPartner: [1, (screens, random) => {
    const rows = screens.rows('roster', 'partner');
    const partner = rows.length === 0 ? undefined : refOf(random.pick(rows));
    return partner && { partner, to: random.pick(['business', 'individual']), on: dayOf(screens.now) };
  }],
  addBuilding: [1, (_screens, random) => ({ grid: random.pick(grids), name: `${random.between(2, 9)}栋` })],
  addHousehold: [2, (screens, random) => {
    const buildings = screens.rows('people', 'building');
    if (buildings.length === 0) return undefined;
    const building = random.pick(buildings);
    return { grid: String(building.fields['grid']), building: building.id, unit: 1, floor: 2, door: String(random.between(201, 240)) };
  }],
  reviseHousehold: [5, onRow('people', 'household', (random) => ({ heads: random.between(1, 5), hint: random.pick(words) }))],
  addVolunteer: [2, (_screens, random) => ({ grid: random.pick(grids), name: random.pick(words) })],
  reviseVolunteer: [2, onRow('people', 'volunteer', (random) => ({ name: random.pick(words) }))],
  erasePerson: [1, onRow('people', 'volunteer', (random) => ({ why: random.pick(['asked', 'movedAway']) }))],
  addMember: [1, (_screens, random) => ({ partner: choir, number: random.pick(volunteers), name: random.pick(words) })],
  addPointsRule: [1, (screens, random) => ({ serviceClass: 'general', pointsPerHour: random.between(5, 15), dayCap: 30, coefficientTenths: random.pick([null, 8, 15]), validFrom: addDays(dayOf(screens.now), random.between(-1, 2)) })],
  chooseValue: [4, (screens, random) => {
    const rows = screens.clashes();
    if (rows.length === 0) return undefined;
    const row = random.pick(rows);
    const { field, options } = random.pick(row.clashes);
    return { ref: refOf(row), field, fact: random.pick(options).fact };
  }],
  undo: [3, ({ lastSave }) => (lastSave.length === 0 ? undefined : { facts: lastSave })],
  restore: [2, ({ lastSave }, random) => {
    const saved = lastSave.length === 0 ? undefined : random.pick(lastSave);
    return saved && { ref: saved.ref, fact: saved.fact };
  }],
  remove: [2, (screens, random) => {
    const [family, kind] = random.pick([['log', 'attendance'], ['visits', 'visit'], ['people', 'household']] as const);
    return onRow(family, kind, () => ({}))(screens, random);
  }],
};

/** Whom a screen offers what; everything else stands on everybody's. */
const offeredTo: Readonly<Record<string, readonly string[]>> = {
  recordVisit: ['li', 'wu'], addBuilding: ['he', 'li', 'wu'], addHousehold: ['he', 'li', 'wu'], reviseHousehold: ['he', 'li', 'wu'],
  addVolunteer: ['he', 'li', 'wu'], reviseVolunteer: ['he', 'li', 'wu'], reviseVisit: ['he', 'li', 'wu'],
  addPartner: ['he'], convertPartner: ['he'], addPointsRule: ['he'], erasePerson: ['he'], revisePartner: ['he', 'chen'], addMember: ['he', 'chen'],
};
const weighted = (acts: Readonly<Record<string, readonly [weight: number, make: Maker]>>): string[] =>
  Object.entries(acts).flatMap(([name, [weight]]) => Array.from({ length: weight }, () => name));
const names = weighted(makers);

/** Where points are earned, corrected and erased: what a counter's tablet hears of. */
const earning = ['logActivity', 'logActivity', 'logActivity', 'recordAttendance', 'reviseActivity', 'cancelActivity', 'remove', 'undo'] as const;
const inCounterTown: Readonly<Record<string, readonly string[]>> = { zhao: weighted(atCounter), sun: weighted(atCounter), li: earning, he: [...earning, ...weighted(inOffice)] };
const everyMaker = { ...makers, ...atCounter, ...inOffice };

function drawn(seat: string, random: Random): string {
  const command = random.pick(names);
  // Now and then somebody tries what is not theirs.
  return (offeredTo[command]?.includes(seat) ?? true) || random.chance(0.05) ? command : drawn(seat, random);
}

export function nextAct(screens: Screens, random: Random, town: Town): Act | undefined {
  const command = town === 'counters' ? random.pick(inCounterTown[screens.seat] ?? earning) : drawn(screens.seat, random);
  const input = everyMaker[command as keyof typeof everyMaker]?.[1](screens, random);
  return input && { command, input };
}
