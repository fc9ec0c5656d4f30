/**
 * Records in any number for benchmarks: one made-up community, a year up to `now`, in the proportions of the field
 * (of 100 records about 41 attendances, 30 ledger entries, 15 visits, 8 homes, 3 volunteers, 3 activities).
 *
 * Exactly `count` records, one fact each. The same count, seed and day give the same bytes.
 */
import type { ServiceClass } from '../../src/domain/activity/schema.ts';
import { given } from '../../src/domain/kernel/edit.ts';
import type { Fact } from '../../src/domain/kernel/fact.ts';
import { idTail } from '../../src/domain/kernel/ids.ts';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import { addDays, dayMs, dayOf, hourMs, instantOf, minuteMs } from '../../src/domain/kernel/time.ts';
import { issuedAccount, volunteerAccount } from '../../src/domain/points/accounts.ts';
import { pointsRuleId } from '../../src/domain/points/schema.ts';
import { visitOutcomes } from '../../src/domain/visits/schema.ts';
import { personName, visitNotes } from './names.ts';
import { createNotebook, generatedTag, laneFrom, type Lane, type Notebook } from './notebook.ts';
import { periodAt } from './period.ts';
import { pointsPresets } from './presets.ts';
import { randomOf, type Random } from './random.ts';
import { freeId } from './rounds.ts';
import { templates, type Template } from './templates.ts';

export const scaleCommunity = 'bench';
export const scaleGrids: readonly string[] = Array.from({ length: 9 }, (_, index) => `g0${index + 1}`);
/** Below this the fixed parts of a community leave no room for the rest. */
export const scaleMin = 500;

const days = 365;
const partnersCount = 12;
const author = 'per_bench-super';
const worker = 'per_bench-grid1';

interface Writing {
  readonly notebook: Notebook;
  readonly random: Random;
  readonly lane: Lane;
  readonly firstDay: string;
  readonly firstAt: number;
}

interface Served {
  readonly activity: string;
  readonly attendance: string;
  readonly fact: string;
  readonly volunteer: string;
  readonly hoursTenths: number;
  readonly service: ServiceClass;
  readonly day: string;
  readonly at: number;
}

/** @throws when `count` is below `scaleMin` */
export function generateRecords(count: number, seed: string | number, now: number): { room: RoomAddress; facts: Fact[] }[] {
  if (count < scaleMin) throw new Error(`generateRecords needs at least ${scaleMin} records`);
  const firstDay = addDays(dayOf(now), -days);
  const writing: Writing = {
    notebook: createNotebook(scaleCommunity), random: randomOf('scale', seed, count), lane: laneFrom(generatedTag, 0), firstDay, firstAt: instantOf(firstDay, '08:00'),
  };
  const fixed = writeRoster(writing, now);
  const share = (part: number): number => Math.round((count - fixed) * part);
  const volunteers = writeVolunteers(writing, share(0.03));
  const homes = writeHomes(writing, share(0.08));
  writeVisits(writing, share(0.15), homes.households);
  const activities = share(0.035);
  const attendances = share(0.41);
  const served = writeActivities(writing, activities, attendances, volunteers);
  const rest = count - fixed - volunteers.length - homes.records - share(0.15) - activities - attendances;
  writeLedger(writing, served, rest, now);
  return writing.notebook.rooms();
}

const at = ({ firstAt, random }: Writing): number => firstAt + random.between(0, days - 1) * dayMs + random.between(0, 10 * 60) * minuteMs;

function writeRoster({ notebook, lane, firstAt }: Writing, now: number): number {
  const stamp = { by: author, at: firstAt, lane };
  notebook.birth('community', { name: '测速社区', district: '测速区', residents: 5_500 }, stamp, `com_${scaleCommunity}`);
  scaleGrids.forEach((code, index) => notebook.birth('grid', { code, name: `第${index + 1}网格`, rank: index + 1 }, stamp));
  notebook.birth('staff', { name: '测速员', role: 'supervisor', grids: [], partners: [] }, stamp, author);
  notebook.birth('staff', { name: '测速网格员', role: 'gridWorker', grids: [...scaleGrids], partners: [] }, stamp, worker);
  for (let index = 0; index < partnersCount; index += 1)
    notebook.birth('partner', { name: `测速自组织${index + 1}`, type: 'community_group', legalForm: 'organisation', stage: 'active' }, stamp, partnerId(index));
  const rules = pointsPresets(periodAt(now));
  for (const rule of rules) notebook.birth('pointsRule', rule, stamp);
  return 1 + scaleGrids.length + 2 + partnersCount + rules.length;
}

const partnerId = (index: number): string => `par_b${String(index + 1).padStart(2, '0')}`;
const gridOf = (index: number): string => scaleGrids[index % scaleGrids.length] ?? '';

function writeVolunteers({ notebook, lane, random, firstDay, firstAt }: Writing, count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const number = `BE${String(index + 1).padStart(6, '0')}`;
    notebook.birth('volunteer', { grid: gridOf(index), number, name: personName(random), joinedOn: addDays(firstDay, -index % 900) }, { by: worker, at: firstAt, lane });
    return number;
  });
}

const doorsPerBuilding = 40;

/** @param count buildings and households together */
function writeHomes({ notebook, lane, random, firstAt }: Writing, count: number): { households: { record: string; grid: string }[]; records: number } {
  const stamp = { by: worker, at: firstAt, lane };
  const households: { record: string; grid: string }[] = [];
  let building = { record: '', grid: '' };
  for (let written = 0, doors = doorsPerBuilding, number = 0; written < count; written += 1) {
    if (doors === doorsPerBuilding) {
      const grid = gridOf(number);
      number += 1;
      building = { record: notebook.birth('building', { grid, name: `${number}栋`, rank: number }, stamp, `bld_${number}`).record, grid };
      doors = 0;
      continue;
    }
    const floor = 1 + (doors >> 2);
    const door = `${floor}0${1 + (doors & 3)}`;
    doors += 1;
    const fields = { grid: building.grid, building: building.record, unit: 1, floor, door, heads: random.between(1, 5) };
    households.push({ record: notebook.birth('household', fields, stamp, `hou_${idTail(building.record)}-${door}`).record, grid: building.grid });
  }
  return { households, records: count };
}

function writeVisits(writing: Writing, count: number, households: readonly { record: string; grid: string }[]): void {
  const { notebook, lane, random } = writing;
  for (let index = 0; index < count; index += 1) {
    const home = households[index % households.length];
    if (!home) throw new Error('no household to visit');
    const visitedAt = at(writing);
    const outcome = random.pick(visitOutcomes);
    const fields = given({
      grid: home.grid, household: home.record, visitedAt, outcome,
      note: outcome === 'met' ? random.pick(visitNotes) : undefined, nextOn: addDays(dayOf(visitedAt), random.between(5, 90)),
    });
    notebook.birth('visit', fields, { by: worker, at: visitedAt + minuteMs, lane }, freeId('vis', visitedAt + minuteMs, index));
  }
}

/** Spread evenly over organisers and days; several a day of one organiser start at different minutes. */
function writeActivities(writing: Writing, count: number, attendances: number, volunteers: readonly string[]): Served[] {
  const { notebook, lane, random, firstDay } = writing;
  const kindsOfActivity: readonly Template[] = Object.values(templates).filter((each) => each.service !== 'none');
  const perPartner = Math.ceil(count / partnersCount);
  const slots = Math.ceil(perPartner / days);
  const served: Served[] = [];
  for (let index = 0; index < count; index += 1) {
    const nth = Math.floor(index / partnersCount);
    const dayIndex = Math.floor((nth * days) / perPartner);
    const nthOfDay = nth - Math.ceil((dayIndex * perPartner) / days);
    const day = addDays(firstDay, dayIndex);
    const startsAt = instantOf(day, '08:00') + nthOfDay * Math.floor((12 * 60) / slots) * minuteMs;
    const template = random.pick(kindsOfActivity);
    // One in six is a rehearsal or the like, which earns no points.
    const service: ServiceClass = index % 6 === 0 ? 'none' : template.service;
    const team = Math.floor(((index + 1) * attendances) / count) - Math.floor((index * attendances) / count);
    const activity = notebook.birth('activity', {
      organiser: partnerId(index % partnersCount), title: random.pick(template.titles), activityKind: template.kind, place: template.place,
      startsAt, endsAt: startsAt + template.minutes * minuteMs, feeClass: template.fee, dimensions: [...template.dimensions],
      status: 'held', serviceClass: service, headCount: team + random.between(...template.guests),
    }, { by: author, at: startsAt + 4 * hourMs, lane });
    const offset = random.between(0, volunteers.length - 1);
    for (let person = 0; person < team; person += 1) {
      const volunteer = volunteers[(offset + person) % volunteers.length] ?? '';
      const hoursTenths = Math.round(template.minutes / 6);
      const savedAt = startsAt + 4 * hourMs + person * 1_000;
      const { record, fact } = notebook.birth('attendance', { activity: activity.record, volunteer, hoursTenths }, { by: author, at: savedAt, lane });
      served.push({ activity: activity.record, attendance: record, fact, volunteer, hoursTenths, service, day, at: savedAt });
    }
  }
  return served;
}

function writeLedger({ notebook, lane }: Writing, served: readonly Served[], count: number, now: number): void {
  const rules = pointsPresets(periodAt(now));
  const earning = served.filter((each) => each.service !== 'none').slice(0, count);
  if (earning.length < count) throw new Error('too few attendances earn points');
  for (const { activity, attendance, fact, volunteer, hoursTenths, service, day, at: servedAt } of earning) {
    const rule = rules.findLast((each) => each['serviceClass'] === service && String(each['validFrom']) <= day);
    if (!rule) throw new Error(`no rule for ${service} on ${day}`);
    const points = Math.max(1, Math.floor((hoursTenths * Number(rule['pointsPerHour'])) / 10));
    notebook.birth('pointsEntry', {
      volunteer, points, debit: issuedAccount, credit: volunteerAccount(volunteer), activity, attendance, fact, hoursTenths,
      rule: pointsRuleId(rule), occurredOn: day, reason: 'service',
    }, { by: author, at: servedAt + minuteMs, lane }, `pen_${idTail(attendance)}.0`);
  }
}
