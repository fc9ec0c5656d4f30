/** RW3 The list of rewards as it stands on a day: what is offered, what is to come and what is over, with what is left of each. */
import type { RewardFields } from '../../domain/redemption/schema.ts';
import { rewardTime, stockLeft, type RewardTime } from '../../domain/redemption/stock.ts';
import type { PartnerFields } from '../../domain/roster/schema.ts';
import type { Live, Reader, Row } from '../../replica/contract.ts';
import { everyClaim } from './counter.ts';
import { combine, map } from './live.ts';

export interface RewardLine {
  readonly row: Row<RewardFields>;
  readonly time: RewardTime;
  /** Where it is handed out; undefined where it is anywhere. */
  readonly place: string | undefined;
  /** Pieces; undefined where nobody counted. */
  readonly left: number | undefined;
}

/** The dearest first, as at the counter. */
export const rewardsOn = (reader: Reader, today: string): Live<readonly RewardLine[]> =>
  combine(
    { rewards: reader.list<RewardFields>('roster', { kind: 'reward' }), partners: reader.list<PartnerFields>('roster', { kind: 'partner' }), claims: everyClaim(reader) },
    ({ rewards, partners, claims }) => {
      const names = new Map(partners.map(({ id, fields }) => [id, fields.name]));
      const left = stockLeft(rewards, claims);
      return rewards
        .map((row): RewardLine => {
          const { partner } = row.fields;
          return { row, time: rewardTime(row.fields, today), place: partner === undefined ? undefined : (names.get(partner) ?? partner), left: left.get(row.id) };
        })
        .sort((a, b) => b.row.fields.points - a.row.fields.points || (a.row.id < b.row.id ? -1 : 1));
    },
  );

export const rewardOn = (reader: Reader, id: string, today: string): Live<RewardLine | undefined> =>
  map(rewardsOn(reader, today), (lines) => lines.find(({ row }) => row.id === id));
