/** A month's log as facts, and the authority that posts its points: for tests of the ledger's arithmetic. */
import { activityId, attendanceId, type ActivityFields, type ServiceClass } from '../../src/domain/activity/schema.ts';
import type { Fact, Fields } from '../../src/domain/kernel/fact.ts';
import { foldRecord, type Folded } from '../../src/domain/kernel/fold.ts';
import { instantOf } from '../../src/domain/kernel/time.ts';
import { decidePostings, type Posting } from '../../src/domain/points/postings.ts';
import { pointsRuleId, type PointsEntryFields } from '../../src/domain/points/schema.ts';
import { group, singing } from './community.ts';

export const anActivity = (day: string, clock: string, more: Partial<ActivityFields> = {}) => {
  const startsAt = instantOf(day, clock);
  const fields: ActivityFields = { ...singing, startsAt, endsAt: startsAt + 7_200_000, status: 'held', ...more };
  return { id: activityId(group, startsAt), fields };
};
export const anAttendance = (activity: { readonly id: string }, volunteer: string, hoursTenths: number) => ({
  id: attendanceId(activity.id, volunteer), fields: { activity: activity.id, volunteer, hoursTenths },
});
export const aRule = (serviceClass: ServiceClass, pointsPerHour: number, validFrom: string, more: { activityCap?: number; dayCap?: number; monthCap?: number; lastMonths?: number } = {}) => {
  const fields = { serviceClass, pointsPerHour, validFrom, ...more };
  return { id: pointsRuleId(fields), fields };
};

/** Folds what it has been given, posts what is missing, and writes it down, as the server does. */
export class Authority {
  readonly #facts = new Map<string, Map<string, Fact>>();
  readonly entries: Folded[] = [];

  receive(facts: readonly Fact[]): void {
    for (const fact of facts) {
      const own = this.#facts.get(fact.record) ?? new Map<string, Fact>();
      own.set(fact.id, fact);
      this.#facts.set(fact.record, own);
    }
  }

  /** @param postedIn the month it is on the server */
  decide(postedIn = '2026-05'): readonly Posting[] {
    const records = [...this.#facts.values()].flatMap((facts) => foldRecord(facts.values()) ?? []);
    const of = (kind: string) => records.filter((record) => record.kind === kind);
    return decidePostings({ attendances: of('attendance'), activities: of('activity'), rules: of('pointsRule'), entries: this.entries, postedIn });
  }

  post(postedIn?: string): readonly Posting[] {
    const postings = this.decide(postedIn);
    this.write(postings);
    return postings;
  }

  write(postings: readonly Posting[]): void {
    for (const { record, fields } of postings) {
      const fact: Fact = { id: `auth-${this.entries.length.toString(36)}`, record, kind: 'pointsEntry', base: [], set: fields as unknown as Fields, by: 'per_authority', at: 0 };
      this.entries.push(foldRecord([fact]) as Folded);
    }
  }

  listed(): { id: string; fields: PointsEntryFields }[] {
    return this.entries.map((entry) => ({ id: entry.record, fields: entry.fields as unknown as PointsEntryFields }));
  }
}

/** States facts about records of one device, each based on what that device stated before. */
export class Stater {
  #counter = 0;
  readonly device: string;
  readonly facts: Fact[] = [];
  constructor(device: string) {
    this.device = device;
  }
  state(kind: string, record: string, set: object, base: readonly string[] = [], at = this.#counter): Fact {
    const fact: Fact = { id: `${this.device}-${this.#counter.toString(36)}`, record, kind, base, set: set as Fields, by: `per_${this.device}`, at };
    this.#counter += 1;
    this.facts.push(fact);
    return fact;
  }
  /** Based on every head of the record among this device's own facts and those it has heard of. */
  change(kind: string, record: string, set: object, heard: readonly Fact[] = [], at = this.#counter): Fact {
    const known = [...this.facts, ...heard].filter((fact) => fact.record === record);
    return this.state(kind, record, set, foldRecord(known)?.heads ?? [], at);
  }
}
