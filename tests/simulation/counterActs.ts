/** What people do about points that are spent: at the counter, in the office, and where they are earned. */
import type { Random } from '../../server/demo/random.ts';
import { settlementId } from '../../src/domain/redemption/ids.ts';
import { counterFrom, type Counter } from '../../src/domain/redemption/view.ts';
import type { SettlementFields, VerdictFields } from '../../src/domain/redemption/schema.ts';
import type { Row } from '../../src/replica/contract.ts';
import { volunteers } from './people.ts';
import { refOf, type Maker, type Screens } from './screens.ts';

/** As the screen of a counter has it, of the rows on its tablet. */
export function counterOn({ rows, device }: Pick<Screens, 'rows' | 'device'>): Counter {
  const own = <F>(family: string, kind: string): Row<F>[] => rows(family, kind).filter(({ id, fields }) => String(fields['grant'] ?? id).split('.')[1] === device) as unknown as Row<F>[];
  return counterFrom({
    grants: own('ledger', 'grant'), moves: own('ledger', 'pointsMove'), claims: own('claims', 'claim'), requests: own('claims', 'redemptionRequest'),
    verdicts: own('ledger', 'verdict'), settlements: own('claims', 'settlement'),
  });
}

/** Under the newest grant or, now and then, an older one; with a reward or without; now and then more than there is. */
const handOut = (screens: Screens, random: Random, more: boolean): object | undefined => {
  const { grant, older, left } = counterOn(screens);
  const under = older.length > 0 && random.chance(0.2) ? random.pick(older) : grant?.id;
  if (under === undefined) return undefined;
  const holders = [...left].filter(([, points]) => points > 0);
  const [volunteer, held] = holders.length > 0 && !more ? random.pick(holders) : [random.pick(volunteers), 20];
  const rewards = screens.rows('roster', 'reward');
  if (rewards.length > 0 && random.chance(0.3)) {
    const { id, fields } = random.pick(rewards);
    return { grant: under, volunteer, reward: id, quantity: 1, points: Number(fields['points']) };
  }
  return { grant: under, volunteer, points: random.between(1, random.chance(0.1) ? held + 20 : held) };
};

type Acts = Readonly<Record<string, readonly [weight: number, make: Maker]>>;

export const atCounter: Acts = {
  redeemPoints: [12, (screens, random) => handOut(screens, random, false)],
  requestPoints: [3, (screens, random) => handOut(screens, random, true)],
  cancelRedemption: [3, (screens, random) => {
    const rows = screens.rows('claims', 'claim').filter(({ fields }) => fields['type'] === 'redeem' && String(fields['grant']).split('.')[1] === screens.device);
    return rows.length === 0 ? undefined : { claim: refOf(random.pick(rows)) };
  }],
  giveBackGrant: [1, (screens, random) => {
    const { grant, older } = counterOn(screens);
    const one = older[0] ?? (random.chance(0.3) ? grant?.id : undefined);
    return one === undefined ? undefined : { grant: one };
  }],
};

export const inOffice: Acts = {
  addReward: [1, (_screens, random) => ({ name: random.pick(['肥皂', '洗衣液']), points: random.between(3, 12) })],
  settleCase: [8, (screens, random) => {
    const settled = new Set((screens.rows('claims', 'settlement') as unknown as Row<SettlementFields>[]).map(({ id }) => id));
    const open = (screens.rows('ledger', 'verdict') as unknown as Row<VerdictFields>[]).filter(({ id, fields }) => fields.result === 'forked' && !settled.has(settlementId(id)));
    return open.length === 0 ? undefined : { verdict: refOf(random.pick(open)), decision: random.pick(['honour', 'void']) };
  }],
  writeOffGrant: [1, (screens, random) => {
    const grants = screens.rows('ledger', 'grant');
    return grants.length === 0 || random.chance(0.5) ? undefined : { grant: random.pick(grants).id };
  }],
};
