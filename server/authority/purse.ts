/**
 * What a community's ledger says, all months together: points in every account, folded once and kept up to date.
 * It counts what is accepted, on disk or not; whoever sees a write fail throws the purse away.
 */
import type { Fact } from '../../src/domain/kernel/fact.ts';
import type { Listed } from '../../src/domain/kernel/listed.ts';
import { isVolunteers, volunteerAccount } from '../../src/domain/points/accounts.ts';
import { Lasting } from '../../src/domain/points/lasting.ts';
import type { PointsEntryFields } from '../../src/domain/points/schema.ts';
import type { Purse } from '../../src/domain/redemption/booking.ts';
import { deviceOfGrant } from '../../src/domain/redemption/ids.ts';
import type { Standing } from '../../src/domain/redemption/lapsing.ts';
import { waitsForOffice, type GrantFields, type PointsMoveFields, type VerdictFields } from '../../src/domain/redemption/schema.ts';
import { parseRoomName } from '../../src/protocol/roomName.ts';
import type { Rooms } from '../rooms/rooms.ts';

/** A record of a ledger as its one fact states it. */
type Entry = Pick<Fact, 'record' | 'kind' | 'set'>;

export class CommunityPurse implements Purse {
  readonly #seen = new Set<string>();
  readonly #points = new Map<string, number>();
  readonly #owed = new Map<string, number>();
  readonly #lasting = new Map<string, Lasting>();
  readonly #lastDay = new Map<string, string>();
  readonly #grants = new Map<string, Listed<GrantFields>[]>();
  readonly #givenBack = new Set<string>();
  readonly #forked = new Map<string, Listed<VerdictFields>[]>();
  readonly #cases: Listed<VerdictFields>[] = [];

  of(account: string): number {
    return this.#points.get(account) ?? 0;
  }
  owed(volunteer: string): number {
    return this.#owed.get(volunteer) ?? 0;
  }
  overdue(volunteer: string, month: string): number {
    return this.#lasting.get(volunteer)?.overdue(this.of(volunteerAccount(volunteer)), month) ?? 0;
  }

  /** Entries are immutable and a record is one fact, so each counts once, whoever tells of it first. */
  note({ record, kind, set }: Entry): void {
    if (this.#seen.has(record)) return;
    this.#seen.add(record);
    if (kind === 'pointsEntry' || kind === 'pointsMove') this.#book(set as unknown as PointsEntryFields | PointsMoveFields);
    else if (kind === 'grant') this.#grants.set(String(set['device']), [...this.grantsOf(String(set['device'])), { id: record, fields: set as GrantFields }]);
    else if (kind === 'verdict') this.#judge({ id: record, fields: set as VerdictFields });
  }

  #book(line: PointsEntryFields | PointsMoveFields): void {
    const { volunteer, points, debit, credit, occurredOn, reason } = line;
    const lasting = this.#lasting.get(volunteer) ?? new Lasting();
    lasting.note(line);
    this.#lasting.set(volunteer, lasting);
    this.#points.set(debit, this.of(debit) - points);
    this.#points.set(credit, this.of(credit) + points);
    if (reason === 'covered') this.#owed.set(volunteer, this.owed(volunteer) + points);
    if (reason === 'repaid') this.#owed.set(volunteer, this.owed(volunteer) - points);
    if ((reason === 'service' || reason === 'redeemed') && occurredOn > (this.#lastDay.get(volunteer) ?? '')) this.#lastDay.set(volunteer, occurredOn);
  }

  #judge(verdict: Listed<VerdictFields>): void {
    const { grant, type, result } = verdict.fields;
    if (type === 'giveBack' && result === 'booked') this.#givenBack.add(grant);
    if (waitsForOffice(result)) this.#cases.push(verdict);
    const device = deviceOfGrant(grant);
    if (result === 'forked') this.#forked.set(device, [...this.forkedOf(device), verdict]);
  }

  grantsOf(device: string): readonly Listed<GrantFields>[] {
    return this.#grants.get(device) ?? [];
  }
  isGivenBack(grant: string): boolean {
    return this.#givenBack.has(grant);
  }
  forkedOf(device: string): readonly Listed<VerdictFields>[] {
    return this.#forked.get(device) ?? [];
  }
  /** What waits for the office, or waited until it was settled. */
  cases(): readonly Listed<VerdictFields>[] {
    return this.#cases;
  }
  /** Tablets with a grant that was opened since and is not given back. */
  countersSince(at: number): ReadonlySet<string> {
    return new Set([...this.#grants].filter(([, grants]) => grants.some(({ id, fields }) => fields.openedAt >= at && !this.#givenBack.has(id))).map(([device]) => device));
  }

  /** Who has free points, whoever served or spent last first. */
  volunteers(): readonly string[] {
    const account = volunteerAccount('');
    const rich = [...this.#points].flatMap(([name, points]) => (points > 0 && name.startsWith(account) ? [name.slice(account.length)] : []));
    const last = (volunteer: string): string => this.#lastDay.get(volunteer) ?? '';
    return rich.sort((a, b) => (last(a) === last(b) ? (a < b ? -1 : 1) : last(a) > last(b) ? -1 : 1));
  }
  standings(): readonly Standing[] {
    return [...this.#lasting].map(([volunteer, lasting]) => ({ volunteer, free: this.of(volunteerAccount(volunteer)), lasting }));
  }
  /** Volunteers whose free points are below zero, and by how many. */
  overdrawn(): readonly { readonly volunteer: string; readonly points: number }[] {
    const account = volunteerAccount('');
    return [...this.#points].flatMap(([name, points]) => (points < 0 && isVolunteers(name) && name.startsWith(account) ? [{ volunteer: name.slice(account.length), points: -points }] : []));
  }
}

const prefixes = ['pen_', 'pmv_', 'grt_', 'vrd_'] as const;

export async function openPurse(rooms: Rooms, community: string): Promise<CommunityPurse> {
  const purse = new CommunityPurse();
  for (const { room: name } of await rooms.heads(community)) {
    const address = parseRoomName(name);
    if (address?.family !== 'ledger' || address.community !== community) continue;
    const room = await rooms.open(address);
    for (const prefix of prefixes) for (const { record, kind, fields } of room.facts.every(prefix)) purse.note({ record, kind, set: fields });
  }
  return purse;
}
