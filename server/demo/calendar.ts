/**
 * A year of activities and who served at them. What lies before today was held (a few were cancelled); today and the
 * days after stand as planned, with nobody's attendance yet. A person serves at one activity a day at most.
 */
import { given } from '../../src/domain/kernel/edit.ts';
import { addDays, addMonths, hourMs, instantOf, minuteMs } from '../../src/domain/kernel/time.ts';
import { activityLane } from './lanes.ts';
import type { Lane, Notebook, Written } from './notebook.ts';
import type { Person } from './people.ts';
import { daysOfMonth, monthIndex, weekdayOf, type Period } from './period.ts';
import { organisersOf, spaceAt, type Organiser } from './programme.ts';
import type { Profile } from './profiles.ts';
import { randomOf, type Random } from './random.ts';
import { leadersOf, supervisorOf } from './staffing.ts';
import type { Template } from './templates.ts';

export interface Cast {
  readonly people: readonly Person[];
  readonly members: ReadonlyMap<string, readonly Person[]>;
}

interface Meeting {
  readonly organiser: Organiser;
  readonly template: Template;
  readonly title: string;
  readonly day: string;
  readonly startsAt: number;
  readonly cancelled: boolean;
  readonly lane: Lane;
  readonly random: Random;
}

/** An organiser's meetings of a month, from keys that do not depend on today. */
function meetingsOf(profile: Profile, organiser: Organiser, organiserIndex: number, month: string): Meeting[] {
  const plan = randomOf('plan', profile.slug, organiser.partner, month);
  const days = daysOfMonth(month);
  const fitting = days.filter((day) => organiser.weekdays.length === 0 || organiser.weekdays.includes(weekdayOf(day)));
  const chosen = organiser.owed ? fitting.slice(0, organiser.perMonth) : plan.shuffled(fitting).slice(0, organiser.perMonth).sort();
  return chosen.map((day, index) => {
    const random = randomOf('meeting', profile.slug, organiser.partner, day);
    const template = random.pick(organiser.templates);
    return {
      organiser, template, day, random,
      title: random.pick(template.titles),
      startsAt: instantOf(day, random.pick(template.clocks)),
      cancelled: !organiser.owed && random.chance(0.03),
      lane: activityLane(monthIndex(month), organiserIndex, index),
    };
  });
}

/** Of what 邻聚e站's tenant owed three months ago one meeting fell through: 3 of 4, to be seen in the figures. */
const fellThrough = (meeting: Meeting, month: string, period: Period, index: number): boolean =>
  meeting.organiser.owed && index === 2 && month === addMonths(period.today.slice(0, 7), -3);

export function writeCalendar(notebook: Notebook, profile: Profile, period: Period, cast: Cast, isTaken: (partner: string, day: string) => boolean): void {
  const organisers = organisersOf(profile.slug);
  const byDay = new Map<string, Meeting[]>();
  for (const month of period.months)
    organisers.forEach((organiser, organiserIndex) => {
      meetingsOf(profile, organiser, organiserIndex, month).forEach((meeting, index) => {
        if (meeting.day > period.lastPlannedDay || isTaken(organiser.partner, meeting.day)) return;
        const list = byDay.get(meeting.day) ?? [];
        list.push(fellThrough(meeting, month, period, index) ? { ...meeting, cancelled: true } : meeting);
        byDay.set(meeting.day, list);
      });
    });
  const recorder = recorderOf(profile);
  for (const meetings of byDay.values()) {
    const busy = new Set<string>();
    for (const meeting of meetings) writeMeeting(notebook, profile, period, cast, meeting, busy, recorder(meeting.organiser.partner));
  }
}

/** A group's leader records its activities; a partner without one has the supervisor do it. */
export function recorderOf(profile: Profile): (partner: string) => string {
  const leaders = leadersOf(profile);
  const supervisor = supervisorOf(profile);
  return (partner) => leaders.get(partner) ?? supervisor;
}

function writeMeeting(notebook: Notebook, profile: Profile, period: Period, cast: Cast, meeting: Meeting, busy: Set<string>, by: string): void {
  const { organiser, template, day, startsAt, lane, random } = meeting;
  const endsAt = startsAt + template.minutes * minuteMs;
  // Planned before the plan's horizon, so that nothing was ever written down in the future.
  const plannedAt = startsAt - random.between(12, 18) * 24 * hourMs;
  const written = notebook.birth(
    'activity',
    given({
      organiser: organiser.partner, title: meeting.title, activityKind: template.kind, place: template.place,
      space: spaceAt(profile.slug, template.place), startsAt, endsAt, feeClass: template.fee,
      dimensions: [...template.dimensions], status: 'planned', serviceClass: template.service,
    }),
    { by, at: plannedAt, lane },
  );
  if (day >= period.today) return;
  if (meeting.cancelled) {
    notebook.change(written, { status: 'cancelled', note: random.pick(['下雨取消', '场地临时占用，取消', '报名人数不足，改到下月']) }, { by, at: startsAt - 3 * hourMs, lane });
    return;
  }
  const team = teamOf(profile, meeting, cast, busy);
  const headCount = team.length + random.between(...template.guests);
  notebook.change(written, { status: 'held', headCount }, { by, at: endsAt + random.between(3, 30) * minuteMs, lane });
  writeAttendances(notebook, period, written, team, template.minutes, { by, random, lane, savedAt: endsAt + 31 * minuteMs, day, supervisor: supervisorOf(profile) });
}

/** Members first, then others of the community, more often those who serve often. */
function teamOf(profile: Profile, { organiser, template, day, random }: Meeting, cast: Cast, busy: Set<string>): Person[] {
  const size = Math.round(random.between(...template.team) * profile.teamScale);
  const team: Person[] = [];
  const take = (person: Person): void => {
    if (team.length >= size || busy.has(person.number) || person.joinedOn > day) return;
    busy.add(person.number);
    team.push(person);
  };
  const members = cast.members.get(organiser.partner);
  if (members) for (const person of random.shuffled(members)) take(person);
  for (let tries = 0; team.length < size && tries < size * 8; tries += 1) {
    const person = cast.people[Math.floor(cast.people.length * random.next() ** 1.5)];
    if (person) take(person);
  }
  return team;
}

interface AttendanceContext {
  readonly by: string;
  readonly random: Random;
  readonly lane: Lane;
  readonly savedAt: number;
  readonly day: string;
  readonly supervisor: string;
}

/** AC2 hours in tenths; one in seventy is corrected the next day (AC4). */
export function writeAttendances(
  notebook: Notebook, period: Period, activity: Written, team: readonly Person[], minutes: number, { by, random, lane, savedAt, day, supervisor }: AttendanceContext,
): void {
  const full = Math.round(minutes / 6);
  team.forEach((person, index) => {
    const hoursTenths = random.chance(0.85) ? full : Math.max(5, full - random.pick([5, 5, 10]));
    const at = savedAt + index * 2_000;
    const written = notebook.birth(
      'attendance', given({ activity: activity.record, volunteer: person.number, hoursTenths, byProxy: random.chance(0.1) ? true : undefined }), { by, at, lane },
    );
    if (random.chance(1 / 70) && addDays(day, 1) < period.today)
      notebook.change(written, { hoursTenths: hoursTenths + 5 }, { by: supervisor, at: instantOf(addDays(day, 1), '09:30'), lane });
  });
}
