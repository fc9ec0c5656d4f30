/** What a tablet of a redemption point works with: its grants, what it stated under them, what there is to hand out (CT1–CT7). */
import type { Actor } from '../../domain/kernel/actor.ts';
import { deviceOfGrant, settlementId } from '../../domain/redemption/ids.ts';
import type { ClaimFields, GrantFields, PointsMoveFields, RequestFields, RewardFields, SettlementFields, VerdictFields } from '../../domain/redemption/schema.ts';
import { counterFrom, offersOn, type Counter, type Offer } from '../../domain/redemption/view.ts';
import type { PartnerFields } from '../../domain/roster/schema.ts';
import type { Live, Reader, Row } from '../../replica/contract.ts';
import { always, chain, combine, distinct, joined, map, sameList } from './live.ts';
import { passbook } from './passbook.ts';

const ids = (rows: readonly { readonly id: string }[]): readonly string[] => rows.map(({ id }) => id).sort();
/** Rows that stand under these, whichever come. */
const under = <F>(keys: Live<readonly string[]>, list: (parent: string) => Live<readonly Row<F>[]>): Live<readonly Row<F>[]> =>
  chain(distinct(keys, sameList), (all) => joined(all.map(list)));

export function counterOf(reader: Reader, { device }: Pick<Actor, 'device'>): Live<Counter> {
  const grants = reader.list<GrantFields>('ledger', { kind: 'grant', holder: device });
  const own = map(grants, ids);
  const cases = map(reader.list<VerdictFields>('ledger', { kind: 'verdict', parent: 'cases' }), (rows) => rows.filter(({ fields }) => deviceOfGrant(fields.grant) === device));
  return combine(
    {
      grants,
      moves: under(own, (parent) => reader.list<PointsMoveFields>('ledger', { kind: 'pointsMove', parent })),
      claims: under(own, (parent) => reader.list<ClaimFields>('claims', { kind: 'claim', parent })),
      requests: under(own, (parent) => reader.list<RequestFields>('claims', { kind: 'redemptionRequest', parent })),
      booked: under(own, (parent) => reader.list<VerdictFields>('ledger', { kind: 'verdict', parent })),
      cases,
      settlements: chain(distinct(map(cases, (rows) => rows.map(({ id }) => settlementId(id))), sameList), (all) => reader.many<SettlementFields>('claims', all)),
    },
    ({ booked, cases: waiting, ...books }) => counterFrom({ ...books, verdicts: [...booked, ...waiting] }),
  );
}

/** Of every counter, as far as they are here. */
export const everyClaim = (reader: Reader): Live<readonly Row<ClaimFields>[]> =>
  under(map(reader.list<GrantFields>('ledger', { kind: 'grant', parent: 'grants' }), ids), (parent) => reader.list<ClaimFields>('claims', { kind: 'claim', parent }));

/** CT7 */
export const offersAt = (reader: Reader, { partners }: Pick<Actor, 'partners'>, today: string): Live<readonly Offer[]> =>
  combine({ rewards: reader.list<RewardFields>('roster', { kind: 'reward' }), claims: everyClaim(reader) }, ({ rewards, claims }) => offersOn(rewards, claims, partners, today));

export interface VolunteerPoints {
  /** By the ledger, free or held somewhere. */
  readonly confirmed: number;
  readonly provisional: number;
}

export const pointsOf = (reader: Reader, number: string): Live<VolunteerPoints> => map(passbook(reader, number), ({ confirmed, provisional }) => ({ confirmed, provisional }));

/** Addresses take no dot: what has one is asked for as a file. */
export const receiptPath = (claim: string): string => `/redemption/receipt/${claim.replaceAll('.', '~')}`;
export const claimAt = (part: string): string => part.replaceAll('~', '.');

export const rewardNames = (reader: Reader): Live<ReadonlyMap<string, string>> =>
  map(reader.list<RewardFields>('roster', { kind: 'reward' }), (rows) => new Map(rows.map(({ id, fields }) => [id, fields.name])));

/** The shop a seat stands in. */
export const placeName = (reader: Reader, { partners: [partner] }: Pick<Actor, 'partners'>): Live<string | undefined> =>
  partner === undefined ? always(undefined) : map(reader.one<PartnerFields>('roster', partner), (row) => row?.fields.name);
