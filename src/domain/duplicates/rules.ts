/**
 * - DU7 Two records of a kind and a room are merged by one statement about the pair and the values that were chosen for the one
 *   that stays. No record is deleted, nothing that points to the other is rewritten.
 * - DU8 That two records are not the same is said once for everybody; it can be taken back.
 * - DU12 Taking a merge back gives the one that stays its own values again, as far as nobody has changed them since.
 * - DU13 Consents stay with the record they were given for: a telephone number is taken over only where being contacted was agreed to.
 */
import type { CommandError, Decision, RecordRef, Statement } from '../kernel/command.ts';
import { birthOrChange, change, foundIn, type Decided } from '../kernel/decide.ts';
import type { Wanted } from '../kernel/edit.ts';
import { counterOf, deviceTagOf } from '../kernel/fact.ts';
import type { Folded } from '../kernel/fold.ts';
import type { Kind } from '../kernel/kind.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { sameRoom } from '../kernel/room.ts';
import { dayOf } from '../kernel/time.ts';
import { kinds } from '../kinds.ts';
import type { ConsentFields } from '../residents/schema.ts';
import { consentOn } from '../residents/view.ts';
import { takenBack } from '../revision/rules.ts';
import type { KeepApart, MergeRecords, ReopenPair } from './inputs.ts';
import { isPaired, pairedBy, pairId, partnerPairId, sortedPair, type PairedKind } from './schema.ts';

/** The fields of a kind in which one of two values can be chosen. */
export const choosableFields = (kind: PairedKind): readonly string[] => {
  const { entries, fixed }: Kind = kinds[kind];
  return Object.keys(entries).filter((name) => !fixed.includes(name));
};

interface Two {
  readonly one: Folded;
  readonly other: Folded;
  readonly kind: PairedKind;
}

function bothIn(decision: Decision, one: RecordRef, other: RecordRef): Result<Two, CommandError> {
  const first = decision.find(one.room, one.record);
  if (!first || first.deleted || !isPaired(first.kind)) return err({ type: 'NotFound', record: one.record });
  const second = sameRoom(one.room, other.room) && one.record !== other.record ? foundIn(decision, other, first.kind) : err<CommandError>({ type: 'NotFound', record: other.record });
  return second.ok ? ok({ one: first, other: second.value, kind: first.kind }) : second;
}

function pairStated(decision: Decision, { kind, one, other }: Two, said: Wanted): Statement[] {
  const [first, second] = sortedPair(one.record, other.record);
  const named = { one: first, other: second, ...said };
  return pairedBy[kind] === 'partnerPair'
    ? birthOrChange(decision, kinds.partnerPair, partnerPairId(first, second), named)
    : birthOrChange(decision, kinds.pair, pairId(first, second), { grid: String(one.fields['grid']), ...named });
}

/** DU13 */
function mayBeCalled(decision: Decision, stays: RecordRef): boolean {
  const consents = decision.every(stays.room, 'consent').map(({ fields }) => fields as unknown as ConsentFields).filter(({ resident }) => resident === stays.record);
  return consentOn(consents, 'contact', dayOf(decision.now));
}

export function decideMergeRecords({ stays, goes, take }: MergeRecords, decision: Decision): Decided {
  const two = bothIn(decision, stays, goes);
  if (!two.ok) return two;
  const { one: kept, other, kind } = two.value;
  const strange = take.find((name) => !choosableFields(kind).includes(name));
  if (strange !== undefined) return err({ type: 'Invalid', field: strange });
  if (kind === 'resident' && take.includes('phone') && other.fields['phone'] !== undefined && !mayBeCalled(decision, stays)) return err({ type: 'Invalid', field: 'phone', why: 'no-consent' });
  const wanted = Object.fromEntries(take.map((name) => [name, other.fields[name] ?? null]));
  return ok([...change(stays, kept, wanted), ...pairStated(decision, two.value, { verdict: 'merged', stays: stays.record })]);
}

export function decideKeepApart({ one, other }: KeepApart, decision: Decision): Decided {
  const two = bothIn(decision, one, other);
  return two.ok ? ok(pairStated(decision, two.value, { verdict: 'different', stays: null })) : two;
}

/** DU12. What the merge stated at the one that stays is the fact right before that of the pair: one decision, one tablet, one moment. */
function valuesBack(decision: Decision, pair: RecordRef): Statement[] {
  const merges = decision.history(pair).filter(({ changes }) => changes.some(({ field, after }) => field === 'verdict' && after === 'merged'));
  return [...new Set(merges.flatMap(({ changes }) => changes.flatMap(({ field, after }) => (field === 'stays' && typeof after === 'string' ? [after] : []))))].flatMap((record) => {
    const ref = { room: pair.room, record };
    const found = decision.find(ref.room, record);
    if (!found || found.deleted) return [];
    const history = decision.history(ref);
    const own = history.filter(({ birth, at, fact }) => !birth && merges.some((merge) => merge.at === at && deviceTagOf(merge.fact) === deviceTagOf(fact) && counterOf(merge.fact) === counterOf(fact) + 1)).map(({ fact }) => fact);
    const set = takenBack(found, history, new Set(own), (fact) => decision.inverse(ref, fact) ?? {});
    return Object.keys(set).length === 0 ? [] : [{ room: ref.room, record, kind: found.kind, set }];
  });
}

export function decideReopenPair({ pair }: ReopenPair, decision: Decision): Decided {
  const kind = decision.find(pair.room, pair.record)?.kind === 'partnerPair' ? 'partnerPair' : 'pair';
  const found = foundIn(decision, pair, kind);
  if (!found.ok) return found;
  return ok([...change(pair, found.value, { verdict: 'open', stays: null }), ...valuesBack(decision, pair)]);
}
