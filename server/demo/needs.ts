/**
 * A year of needs told at doors. Each follows a course of its own: matched after a few days, served, done, and confirmed by
 * the resident when a worker asks; some are withdrawn, some take long. What would happen today or later is not written, so
 * on whichever day the demo starts needs stand at every step.
 */
import { given } from '../../src/domain/kernel/edit.ts';
import type { Fields } from '../../src/domain/kernel/fact.ts';
import { addDays, hourMs, instantOf, minuteMs } from '../../src/domain/kernel/time.ts';
import { stageTimes, toldId, type NeedStage } from '../../src/domain/needs/schema.ts';
import { recorderOf } from './calendar.ts';
import { shuangbaiGroup } from './groups.ts';
import { needsLane, needStoryLane, type NeedPlace } from './lanes.ts';
import type { Lane, Notebook, Written } from './notebook.ts';
import type { Home, Person } from './people.ts';
import { daysOfMonth, monthIndex, weekdayOf, type Period } from './period.ts';
import type { Profile } from './profiles.ts';
import { organisersOf } from './programme.ts';
import { randomOf, type Random } from './random.ts';
import { freeId } from './rounds.ts';
import { notDoneReasons, tellings, withdrawnReasons, type Telling } from './tellings.ts';
import { templates } from './templates.ts';

const clockAt = (random: Random, day: string): number => instantOf(day) + random.pick([9, 10, 11, 14, 15, 16]) * hourMs + random.between(0, 59) * minuteMs;
const workday = (day: string): string => (weekdayOf(day) === 0 ? addDays(day, 1) : day);

/** Told needs of one grid and month. */
const perMonth = [0, 1, 1, 2];

interface Asked {
  readonly partner?: string;
  readonly volunteer?: string;
}

/** One need from its door on. Steps are taken in the order of their days. */
class Course {
  readonly #notebook: Notebook;
  readonly #lane: Lane;
  readonly #today: string;
  #written: Written;

  constructor(notebook: Notebook, today: string, lane: Lane, home: Home, { category, title, words }: Telling, openedAt: number, order: number, wishedOn?: string) {
    [this.#notebook, this.#today, this.#lane] = [notebook, today, lane];
    const stamp = { by: home.worker, at: openedAt + minuteMs, lane };
    const record = freeId('nee', openedAt, order);
    this.#written = notebook.birth('need', given({ grid: home.grid, category, title, stage: 'open', openedAt, wishedOn }), stamp, record);
    notebook.birth('needTold', { grid: home.grid, household: home.record, words }, stamp, toldId(record));
  }

  /** @returns whether that day has come */
  step(to: NeedStage, by: string, at: number, more: Fields = {}): boolean {
    if (at >= instantOf(this.#today)) return false;
    this.#written = this.#notebook.change(this.#written, { stage: to, [stageTimes[to]]: at, ...more }, { by, at: at + minuteMs, lane: this.#lane });
    return true;
  }
}

export function writeNeeds(notebook: Notebook, profile: Profile, period: Period, homes: readonly Home[], people: readonly Person[]): void {
  const organisers = organisersOf(profile.slug);
  const helpersOf = new Map(tellings.map((telling) => [telling, organisers.filter((each) => telling.helpers.some((name) => each.templates.includes(templates[name]))).map(({ partner }) => partner)]));
  const sayerOf = recorderOf(profile);
  const homesByGrid = Map.groupBy(homes, ({ grid }) => grid);
  const peopleByGrid = Map.groupBy(people, ({ grid }) => grid);

  function ask(random: Random, telling: Telling, grid: string, day: string): Asked | undefined {
    const partners = helpersOf.get(telling) ?? [];
    const volunteers = (peopleByGrid.get(grid) ?? []).filter(({ joinedOn }) => joinedOn < day);
    if (partners.length > 0 && (volunteers.length === 0 || random.chance(0.75))) return { partner: random.pick(partners) };
    return volunteers.length > 0 ? { volunteer: random.pick(volunteers).number } : undefined;
  }

  function write(place: NeedPlace, grid: string, month: string): void {
    const random = randomOf('need', profile.slug, grid, month, place.index);
    const told = workday(random.pick(daysOfMonth(month)));
    const home = random.pick(homesByGrid.get(grid) ?? []);
    const telling = random.pick(tellings);
    const openedAt = clockAt(random, told);
    const wishedOn = random.chance(0.3) ? addDays(told, random.between(5, 21)) : undefined;
    if (told >= period.today || !told.startsWith(month)) return;
    const course = new Course(notebook, period.today, needsLane(place), home, telling, openedAt, place.gridIndex * 32 + place.index, wishedOn);
    const pace = random.chance(0.12) ? 6 : 1;
    let day = told;
    const later = (least: number, most: number): number => clockAt(random, (day = workday(addDays(day, random.between(least, most) * pace))));
    const worker = home.worker;
    if (random.chance(0.06)) return void course.step('withdrawn', worker, later(2, 9), { reason: random.pick(withdrawnReasons) });
    const asked = ask(random, telling, grid, told);
    if (!asked || !course.step('matched', worker, later(1, 5), { ...asked })) return;
    const server = asked.partner === undefined ? worker : sayerOf(asked.partner);
    // A partner without a leader of its own is asked by the worker, who also says how far it is.
    const says = server.endsWith('-super') ? worker : server;
    // ND4.
    const name: Fields = says !== worker && asked.partner !== undefined ? { partner: asked.partner } : {};
    if (!course.step('inService', says, later(1, 6), name) || !course.step('done', says, later(1, 4), name)) return;
    if (random.chance(0.05)) {
      if (!course.step('inService', worker, later(1, 2), { reason: random.pick(notDoneReasons), doneAt: null })) return;
      if (!course.step('done', says, later(2, 5), name)) return;
    }
    const draw = random.next();
    course.step('confirmed', worker, later(1, 6), { answer: draw < 0.8 ? 'satisfied' : draw < 0.95 ? 'partly' : 'notSatisfied' });
  }

  for (const month of period.months)
    profile.grids.forEach((grid, gridIndex) => {
      const count = randomOf('needs', profile.slug, grid, month).pick(perMonth);
      for (let index = 0; index < count; index += 1) write({ gridIndex, monthIndex: monthIndex(month), index }, grid, month);
    });
}

const tellingOf = (title: string): Telling => {
  const found = tellings.find((each) => each.title === title);
  if (!found) throw new Error(`no telling ${title}`);
  return found;
};

/** What 双柏's first grid worker and the leader find at once: one need that waits for the resident's word, one their group was asked to serve, one still open. */
export function writeNeedStory(notebook: Notebook, period: Period, homes: readonly Home[], leader: string): void {
  const lane = needStoryLane();
  const before = (days: number, clock: string): number => instantOf(addDays(period.today, -days), clock);
  const begin = (index: number, title: string, at: number): { course: Course; worker: string } => {
    const home = homes[index * 7];
    if (!home) throw new Error('双柏 has too few homes');
    return { course: new Course(notebook, period.today, lane, home, tellingOf(title), at, 4_000 + index), worker: home.worker };
  };
  const vegetables = begin(1, '想请人帮忙买菜送上楼', before(6, '10:20'));
  vegetables.course.step('matched', vegetables.worker, before(5, '15:10'), { partner: shuangbaiGroup });
  vegetables.course.step('inService', leader, before(3, '10:05'), { partner: shuangbaiGroup });
  vegetables.course.step('done', leader, before(1, '11:40'), { partner: shuangbaiGroup });
  const company = begin(2, '白天一个人在家，想有人来说说话', before(3, '14:30'));
  company.course.step('matched', company.worker, before(2, '09:15'), { partner: shuangbaiGroup });
  begin(3, '楼道灯不亮，想请人修', before(1, '16:45'));
}
