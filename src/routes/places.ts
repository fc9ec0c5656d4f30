/**
 * The main pages and who is offered which: the one place that says so. Without words or icons, so that the first page can ask
 * it where somebody's day starts.
 *
 * - PM6 Nobody is offered a page whose records they may not read.
 */
import type { Actor } from '$domain/kernel/actor.ts';
import type { KindName } from '$domain/kinds.ts';

interface Place {
  readonly href: string;
  /** The kinds of records it is about. */
  readonly shows: readonly KindName[];
}

export const places = {
  today: { href: '/today', shows: ['activity'] },
  visits: { href: '/visits', shows: ['household', 'visit'] },
  residents: { href: '/residents', shows: ['resident', 'consent'] },
  activities: { href: '/activities', shows: ['activity', 'attendance'] },
  volunteers: { href: '/volunteers', shows: ['volunteer'] },
  members: { href: '/volunteers', shows: ['member'] },
  points: { href: '/volunteers', shows: ['volunteer', 'pointsEntry'] },
  partners: { href: '/partners', shows: ['partner', 'conversion'] },
  overview: { href: '/overview', shows: ['partner', 'activity', 'attendance', 'pointsEntry'] },
  inbox: { href: '/inbox', shows: ['partner', 'activity', 'attendance'] },
  redemption: { href: '/redemption', shows: ['attendance', 'pointsEntry'] },
  more: { href: '/more', shows: [] },
} as const satisfies Readonly<Record<string, Place>>;
export type PlaceName = keyof typeof places;

/** In the order of the day; the first is where it starts. */
export const placesOf: Readonly<Record<Actor['role'], readonly [PlaceName, ...PlaceName[]]>> = {
  gridWorker: ['today', 'visits', 'residents', 'activities', 'volunteers', 'more'],
  groupLeader: ['today', 'activities', 'members', 'partners', 'more'],
  supervisor: ['overview', 'inbox', 'partners', 'activities', 'points', 'more'],
  redemptionPoint: ['redemption', 'partners', 'activities', 'more'],
  monitor: ['overview', 'inbox', 'partners', 'activities', 'more'],
  // Summaries of several communities have no screen yet.
  district: ['more'],
  authority: ['more'],
};

/** A page, or one that lies below it. */
export const isOffered = ({ role }: Pick<Actor, 'role'>, path: string): boolean =>
  placesOf[role].some((name) => path === places[name].href || path.startsWith(`${places[name].href}/`));

export const homeOf = ({ role }: Pick<Actor, 'role'>): string => places[placesOf[role][0]].href;
