/** What a save is in every system: an activity with three fields of its own, who came, and what they earn for it. */
import type { Doc } from '../records.ts';

/** Ids of one run must not meet those of another on the same store. */
export const newId = (prefix: string): string => `${prefix}_${crypto.randomUUID()}`;

export function activityDoc(now = Date.now()): Doc {
  return { id: newId('act'), kind: 'activity', order: now, holder: '', title: '院落清洁', place: '3栋门口', headCount: 12, startsAt: now, status: 'held' };
}

/** Five documents, saved together: the activity, two attendances, two provisional points entries. */
export function saveDocs(now = Date.now()): Doc[] {
  const activity = activityDoc(now);
  return [activity, ...['BE000001', 'BE000002'].flatMap((volunteer): Doc[] => [
    { id: newId('att'), kind: 'attendance', order: now, holder: volunteer, activity: activity.id, volunteer, hoursTenths: 20 },
    { id: newId('pen'), kind: 'pointsEntry', order: now, holder: volunteer, activity: activity.id, volunteer, points: 20, provisional: true },
  ])];
}
