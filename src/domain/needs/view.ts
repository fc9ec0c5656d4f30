/** ND1 How far a need is, and how long each step took. */
import { needStages, stageTimes, type NeedFields, type NeedStage } from './schema.ts';

export interface NeedStep {
  readonly stage: NeedStage;
  /** Epoch ms; undefined for what is still to come. */
  readonly at: number | undefined;
  /** Since the step before, ms. */
  readonly tookMs: number | undefined;
}

const path = needStages.filter((stage) => stage !== 'withdrawn');

/** The way a need goes, with what of it is done; a withdrawn one ends with that. */
export function stepsOf(need: NeedFields): readonly NeedStep[] {
  const way: readonly NeedStage[] = need.stage === 'withdrawn' ? [...path.filter((stage) => need[stageTimes[stage]] !== undefined), 'withdrawn'] : path;
  let before: number | undefined;
  return way.map((stage) => {
    const at = need[stageTimes[stage]];
    // Two tablets' clocks: a step may seem to lie before the one it follows.
    const tookMs = at === undefined || before === undefined ? undefined : Math.max(0, at - before);
    if (at !== undefined) before = at;
    return { stage, at, tookMs };
  });
}

export const isOver = ({ stage }: NeedFields): boolean => stage === 'confirmed' || stage === 'withdrawn';
