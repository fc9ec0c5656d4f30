/**
 * - ND1 open → matched → in service → done → confirmed by the resident; each step states its time. Back one step goes what
 *   did not come about; withdrawn is what nobody wants any more. Both need a reason.
 * - ND3 The public face holds no number to call, no door and no name of somebody who lives there: it is refused.
 */
import type { CommandError, Decision } from '../kernel/command.ts';
import { birth, change, foundIn, type Decided } from '../kernel/decide.ts';
import type { Fields } from '../kernel/fact.ts';
import type { Folded } from '../kernel/fold.ts';
import { err, ok } from '../kernel/result.ts';
import type { RoomAddress } from '../kernel/room.ts';
import { kinds } from '../kinds.ts';
import type { MoveNeed, ReviseNeed, TellNeed } from './inputs.ts';
import { needStages, stageTimes, toldId, type NeedStage } from './schema.ts';

/** Where a need may go from where it stands. */
export const nextStages: Readonly<Record<NeedStage, readonly NeedStage[]>> = {
  open: ['matched', 'withdrawn'],
  matched: ['inService', 'open', 'withdrawn'],
  inService: ['done', 'matched', 'withdrawn'],
  done: ['confirmed', 'inService', 'withdrawn'],
  confirmed: [],
  withdrawn: ['open'],
};

const rank = (stage: NeedStage): number => needStages.indexOf(stage);
/** Out of order, or away: somebody will ask why. */
export const needsReason = (from: NeedStage, to: NeedStage): boolean => to === 'withdrawn' || (from !== 'withdrawn' && rank(to) < rank(from));

const personal: CommandError = { type: 'Invalid', field: 'title', why: 'personal' };

/** ND3. Numbers as telephones have them, also with gaps. */
const callable = /(?:\d[\s-]?){7,}/;

/** ND3. @param household the door it was told at */
export function namesSomebody(title: string, decision: Decision, room: RoomAddress, household: Folded): boolean {
  if (callable.test(title)) return true;
  const { building, unit, door } = household.fields;
  const buildingName = String((typeof building === 'string' ? decision.find(room, building)?.fields['name'] : undefined) ?? '');
  const doors = [`${String(unit)}-${String(door)}`, `${String(unit)}单元${String(door)}`, ...(buildingName === '' ? [] : [`${buildingName}${String(door)}`])];
  const plain = title.replace(/\s/g, '');
  if (doors.some((each) => plain.includes(each))) return true;
  return decision.every(room, 'resident').some(({ fields }) => {
    const name = String(fields['name']);
    // A name of one character is a word of the language.
    return fields['household'] === household.record && [...name].length > 1 && plain.includes(name);
  });
}

export function decideTellNeed({ household, resident, words, ...face }: TellNeed, decision: Decision): Decided {
  const room: RoomAddress = { community: decision.actor.community, family: 'people', grid: face.grid };
  const door = foundIn(decision, { room, record: household }, 'household');
  if (!door.ok) return door;
  if (resident) {
    const found = foundIn(decision, { room, record: resident }, 'resident');
    if (!found.ok) return found;
  }
  if (namesSomebody(face.title, decision, room, door.value)) return err(personal);
  const id = decision.newId('nee');
  return ok([
    birth(decision, kinds.need, id, { ...face, stage: 'open', openedAt: decision.now }),
    birth(decision, kinds.needTold, toldId(id), { grid: face.grid, household, resident, words }),
  ]);
}

export function decideReviseNeed({ ref, ...wanted }: ReviseNeed, decision: Decision): Decided {
  const found = foundIn(decision, ref, 'need');
  if (!found.ok) return found;
  if (wanted.title !== undefined && callable.test(wanted.title)) return err(personal);
  return ok(change(ref, found.value, wanted));
}

/** Times of stages that are no longer reached. */
const undone = (to: NeedStage): Fields =>
  Object.fromEntries(needStages.filter((stage) => stage !== to && (to === 'withdrawn' ? false : rank(stage) > rank(to))).map((stage) => [stageTimes[stage], null]));

export function decideMoveNeed({ ref, to, partner, volunteer, answer, reason }: MoveNeed, decision: Decision): Decided {
  const found = foundIn(decision, ref, 'need');
  if (!found.ok) return found;
  const { fields } = found.value;
  const from = fields['stage'] as NeedStage;
  if (!nextStages[from].includes(to)) return err({ type: 'Invalid', field: 'to' });
  if (needsReason(from, to) && !reason) return err({ type: 'Missing', field: 'reason' });
  if (to === 'matched' && from === 'open' && !partner && !volunteer) return err({ type: 'Missing', field: 'partner' });
  if (to === 'confirmed' && !answer) return err({ type: 'Missing', field: 'answer' });
  return ok(
    change(ref, found.value, {
      ...undone(to),
      stage: to,
      // A step back keeps the time it was first reached.
      ...(typeof fields[stageTimes[to]] === 'number' && to !== 'withdrawn' ? {} : { [stageTimes[to]]: decision.now }),
      ...(to === 'open' ? { partner: null, volunteer: null } : to === 'matched' ? { partner, volunteer } : {}),
      ...(answer ? { answer } : {}),
      ...(reason ? { reason } : {}),
    }),
  );
}
