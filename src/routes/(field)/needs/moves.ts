/** ND1 Where a need may go from here for somebody, and what each step asks for. */
import type { NeedRow } from '$client/queries/needs.ts';
import { addressOf } from '$client/queries/ref.ts';
import type { Actor } from '$domain/kernel/actor.ts';
import type { Fields } from '$domain/kernel/fact.ts';
import { needsReason, nextStages } from '$domain/needs/rules.ts';
import { stageTimes, type NeedFields, type NeedStage } from '$domain/needs/schema.ts';
import { whyNot, type WhyNot } from '$domain/permission.ts';

export interface Move {
  readonly to: NeedStage;
  /** The way on: the one main action. */
  readonly onward: boolean;
  readonly asksReason: boolean;
  readonly why: WhyNot | undefined;
}

const onwardFrom: Readonly<Partial<Record<NeedStage, NeedStage>>> = { open: 'matched', matched: 'inService', inService: 'done', done: 'confirmed', withdrawn: 'open' };

/** The fields a step states: what the table of permissions is asked about. */
function statedBy({ stage: from, partner }: NeedFields, to: NeedStage): Fields {
  return {
    stage: to,
    [stageTimes[to]]: 0,
    ...(needsReason(from, to) ? { reason: '' } : {}),
    partner: (to === 'open' || from === 'open' ? '' : partner) ?? '',
    ...(to === 'confirmed' ? { answer: '' } : {}),
  };
}

export function movesOf(actor: Actor, { id, room, fields }: NeedRow): readonly Move[] {
  const from = fields.stage;
  return nextStages[from].map((to) => ({
    to,
    onward: onwardFrom[from] === to,
    asksReason: needsReason(from, to),
    why: whyNot(actor, 'change', 'need', { room: addressOf(room), record: id, fields: fields as Fields, set: statedBy(fields, to) }),
  }));
}
