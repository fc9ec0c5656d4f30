/** Invented homes and volunteers. Nobody here exists. */
import { given } from '../../src/domain/kernel/edit.ts';
import { addDays, instantOf } from '../../src/domain/kernel/time.ts';
import { gridLane, membersLane, volunteersLane } from './lanes.ts';
import { courtyardNames, doorHints, personName, skillTexts } from './names.ts';
import type { Notebook } from './notebook.ts';
import type { Period } from './period.ts';
import type { Profile } from './profiles.ts';
import { randomOf, type Random } from './random.ts';
import { groupsOf, leadersOf, staffOf, supervisorOf } from './staffing.ts';

export interface Home {
  readonly record: string;
  readonly grid: string;
  readonly worker: string;
}

export interface Person {
  readonly number: string;
  readonly name: string;
  readonly grid: string;
  readonly joinedOn: string;
}

const residentsPerHousehold = 3.05;

/** Old walk-ups, six floors, and a few towers. */
const shapes = [
  { units: 3, floors: 6, doors: 2 },
  { units: 2, floors: 6, doors: 3 },
  { units: 4, floors: 5, doors: 2 },
  { units: 1, floors: 18, doors: 4 },
] as const;

export const workersByGrid = (profile: Profile): ReadonlyMap<string, string> =>
  new Map(staffOf(profile).flatMap((person) => person.grids.map((grid) => [grid, person.person] as const)));

/** Grids, their buildings and doors. @returns every household, in the order it was written */
export function writeHomes(notebook: Notebook, profile: Profile, period: Period): Home[] {
  const homes: Home[] = [];
  const workers = workersByGrid(profile);
  const courtyards = courtyardNames(profile.slug, profile.grids.length);
  const target = Math.round(profile.residents / profile.grids.length / residentsPerHousehold);
  profile.grids.forEach((grid, gridIndex) => {
    const random = randomOf('homes', profile.slug, grid);
    const by = workers.get(grid) ?? '';
    const stamp = { by, at: instantOf(addDays(period.firstDay, -20), '10:00'), lane: gridLane(gridIndex) };
    const courtyard = courtyards[gridIndex] ?? grid;
    let left = target;
    for (let number = 1; left > 0; number += 1) {
      const shape = random.pick(shapes);
      const building = notebook.birth('building', { grid, name: `${number}栋`, courtyard, rank: number }, stamp, `bld_${grid}-${number}`);
      for (const { unit, floor, door } of doorsOf(shape)) {
        if (left === 0) break;
        left -= 1;
        const hint = random.chance(0.08) ? random.pick(doorHints) : undefined;
        const fields = given({ grid, building: building.record, unit, floor, door, heads: householdSize(random), hint });
        const home = notebook.birth('household', fields, stamp, `hou_${grid}-${number}-${unit}-${door}`);
        homes.push({ record: home.record, grid, worker: by });
      }
    }
  });
  return homes;
}

function doorsOf(shape: (typeof shapes)[number]): { unit: number; floor: number; door: string }[] {
  const doors = [];
  for (let unit = 1; unit <= shape.units; unit += 1)
    for (let floor = 1; floor <= shape.floors; floor += 1)
      for (let door = 1; door <= shape.doors; door += 1) doors.push({ unit, floor, door: `${floor}0${door}` });
  return doors;
}

/** Averages what `residentsPerHousehold` says, near enough. */
const householdSize = (random: Random): number => random.pick([1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 5, 6]);

/** Volunteers of every grid, numbered within the community. */
export function writeVolunteers(notebook: Notebook, profile: Profile, period: Period): Person[] {
  const random = randomOf('volunteers', profile.slug);
  // The office numbers volunteers; a worker could only give numbers made on their own tablet.
  const by = supervisorOf(profile);
  const lane = volunteersLane();
  const width = profile.volunteers >= 1_000 ? 4 : 3;
  return Array.from({ length: profile.volunteers }, (_, index) => {
    const grid = profile.grids[index % profile.grids.length] ?? '';
    // Most have served for years; one in eight joined in the course of the year shown.
    const joinedOn = random.chance(0.875) ? addDays(period.firstDay, -random.between(15, 1_500)) : addDays(period.firstDay, random.between(0, 330));
    const person = {
      number: `${profile.letters.toUpperCase()}${String(index + 1).padStart(width, '0')}G`, name: personName(random), grid, joinedOn,
    };
    const skills = random.chance(0.45) ? random.shuffled(skillTexts).slice(0, random.between(1, 3)) : undefined;
    notebook.birth('volunteer', given({ ...person, skills }), { by, at: instantOf(joinedOn, '10:00'), lane });
    return person;
  });
}

/** Each group's own list, from the community's volunteers. @returns members by partner */
export function writeMembers(notebook: Notebook, profile: Profile, people: readonly Person[]): Map<string, Person[]> {
  const members = new Map<string, Person[]>();
  const leaders = leadersOf(profile);
  groupsOf(profile.slug).forEach((group, index) => {
    const random = randomOf('members', profile.slug, group.id);
    const size = Math.round(random.between(24, 34) * profile.teamScale);
    const chosen = random.shuffled(people).slice(0, size);
    const lane = membersLane(index);
    for (const { number, name, joinedOn } of chosen) {
      notebook.birth('member', { partner: group.id, number, name, joinedOn }, { by: leaders.get(group.id) ?? '', at: instantOf(joinedOn, '11:00'), lane });
    }
    members.set(group.id, chosen);
  });
  return members;
}

