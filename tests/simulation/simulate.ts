/** One run: a world from a seed, its steps, its rest, and every checker along the way. */
import { World, type Tally } from './world.ts';
import { restless, untrueBadges } from './checkBadge.ts';
import { unequalJournals, unequalRows } from './checkContent.ts';
import { notErased } from './checkErased.ts';
import { inexact, unbalanced } from './checkLedger.ts';
import { forgottenOnDisk, lostFacts } from './checkLoss.ts';
import { overspent, spendings, unsettled } from './checkRedemption.ts';
import { keptRooms, RightsChecker } from './checkRights.ts';
import type { Town } from './people.ts';
import { rest } from './rest.ts';
import { step } from './steps.ts';

export type Rule = 'SI1' | 'SI2' | 'SI3' | 'SI4' | 'SI5' | 'SI8' | 'SI9';
export interface Run {
  readonly seed: string;
  readonly size: Size;
  readonly digest: string;
  readonly tally: Tally & { readonly facts: number; readonly clashes: number; readonly refusals: number; readonly entries: number; readonly reversals: number };
  /** What became of points that were spent. */
  readonly spendings: Readonly<Record<string, number>>;
  /** What a checker found, the first time one found anything. */
  readonly broken: { readonly rule: Rule; readonly what: string } | undefined;
  readonly trace: readonly string[];
}

export interface Size {
  readonly steps: number;
  readonly tablets: number;
  readonly town?: Town;
}

class Broken extends Error {
  readonly rule: Rule;
  constructor(rule: Rule, what: string) {
    super(what);
    this.rule = rule;
  }
}
const demand = (rule: Rule, complaints: readonly string[]): void => {
  if (complaints[0] !== undefined) throw new Broken(rule, complaints.slice(0, 3).join('\n  '));
};

export async function simulate(seed: string, size: Size): Promise<Run> {
  const world = new World(seed, size.tablets, size.town);
  const rights = new RightsChecker(world);
  let broken: Run['broken'];
  try {
    await opened(world);
    for (let count = 0; count < size.steps; count += 1) {
      await step(world);
      everyStep(world, rights);
    }
    await atRest(world, rights);
    // Every tablet opened anew holds and shows the same.
    for (const tablet of world.tablets) world.crashTablet(tablet, false);
    await atRest(world, rights);
    demand('SI2', world.tablets.flatMap((tablet) => unequalJournals(world, tablet)));
    demand('SI4', world.tablets.flatMap(keptRooms));
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    broken = { rule: error.rule, what: error.message };
    world.say(`${error.rule} is broken: ${error.message}`);
  }
  const run = { seed, size, digest: world.trace.digest, tally: tallyOf(world), spendings: spendings(world), broken, trace: world.trace.lines };
  world.end();
  return run;
}

/** The server has its community, every tablet has been online once. */
async function opened(world: World): Promise<void> {
  await world.startServer();
  await world.clock.advance(300);
  for (const tablet of world.tablets) world.startTablet(tablet);
  await world.clock.advance(500);
}

function everyStep(world: World, rights: RightsChecker): void {
  demand('SI1', lostFacts(world));
  demand('SI3', unbalanced(world));
  demand('SI4', rights.complaints);
  demand('SI9', overspent(world));
  demand('SI5', untrueBadges(world));
  demand('SI5', world.surprises);
}

async function atRest(world: World, rights: RightsChecker): Promise<void> {
  demand('SI5', restless(await rest(world)));
  everyStep(world, rights);
  demand('SI1', await forgottenOnDisk(world));
  demand('SI8', notErased(world));
  demand('SI2', world.tablets.flatMap((tablet) => unequalRows(world, tablet)));
  demand('SI3', inexact(world, world.random));
  demand('SI9', unsettled(world));
}

function tallyOf(world: World): Run['tally'] {
  const facts = [...world.serverDisk.facts].flatMap(([room, own]) => [...own.values()].map(({ json }) => ({ room, json })));
  const entries = facts.filter(({ room }) => room.includes('/ledger/'));
  return {
    ...world.tally,
    facts: facts.length,
    clashes: world.tablets.reduce((sum, tablet) => sum + tablet.disk.table('clashes').size, 0),
    refusals: world.tablets.reduce((sum, tablet) => sum + tablet.tray().length, 0),
    entries: entries.length,
    reversals: entries.filter(({ json }) => json.includes('"reverses"')).length,
  };
}

/** What a failure says: the seed that replays it and the last things that happened. */
export const report = ({ seed, size, broken, trace }: Run): string =>
  `SEED=${seed} STEPS=${size.steps} TABLETS=${size.tablets}${size.town ? ` TOWN=${size.town}` : ''} npm run simulate\n${broken?.rule}: ${broken?.what}\n${trace.slice(-25).join('\n')}`;
