/** A need, where it stands and why somebody might help with it, in words. */
import { stageSince, waitsFor, type NeedRow } from '$client/queries/needs.ts';
import type { Actor } from '$domain/kernel/actor.ts';
import type { MatchReason } from '$domain/needs/matching.ts';
import type { NeedFields } from '$domain/needs/schema.ts';
import { sayTime } from '$lib/format/times.ts';
import { locale } from '$lib/i18n/locale.svelte.ts';
import { needStage, resourceKind } from '$lib/i18n/words/domain.ts';
import { needWords as words } from '$lib/i18n/words/needs.ts';

export const needPath = ({ id }: Pick<NeedRow, 'id'>): string => `/needs/${encodeURIComponent(id)}`;

export const saySince = (fields: NeedFields, now: number): string => words.since(needStage[fields.stage], sayTime(stageSince(fields), now, locale.current));

/** What a person must do about it; undefined where the next step is somebody else's. */
export const sayWaiting = (actor: Actor, fields: NeedFields): string | undefined => (waitsFor(actor, fields) ? words.waiting[fields.stage] : undefined);

/** @param names of partners by id and of volunteers by number */
export function sayHelper({ partner, volunteer }: NeedFields, names: ReadonlyMap<string, string>): string | undefined {
  if (partner !== undefined) return names.get(partner) ?? partner;
  return volunteer === undefined ? undefined : (names.get(volunteer) || words.volunteer(volunteer));
}

export function sayReason(reason: MatchReason): string {
  switch (reason.why) {
    case 'service':
    case 'skill':
      return words[reason.why](reason.words);
    case 'resource':
      return words.resource(resourceKind[reason.resource]);
    case 'place':
      return words.place(reason.place);
    case 'owes':
      return words.owes(reason.left);
    case 'answered':
      return words.answered(reason.count);
  }
}
