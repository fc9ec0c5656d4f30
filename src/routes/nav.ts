/** The main pages by role, in the order of the day. Icons come one by one, so that only these are loaded. */
import BookUser from '@lucide/svelte/icons/book-user';
import CalendarDays from '@lucide/svelte/icons/calendar-days';
import Ellipsis from '@lucide/svelte/icons/ellipsis';
import Footprints from '@lucide/svelte/icons/footprints';
import Handshake from '@lucide/svelte/icons/handshake';
import House from '@lucide/svelte/icons/house';
import Inbox from '@lucide/svelte/icons/inbox';
import LayoutList from '@lucide/svelte/icons/layout-list';
import type { Actor } from '$domain/kernel/actor.ts';
import type { NavItem } from '$lib/components/navItem.ts';
import { places } from '$lib/i18n/words/places.ts';

/** @param clashes how many records two people disagree on; they wait in the inbox */
export function navOf({ role }: Actor, clashes: number): NavItem[] {
  const today = { href: '/today', label: places.today, icon: House };
  const activities = { href: '/activities', label: places.activities, icon: CalendarDays };
  const partners = { href: '/partners', label: places.partners, icon: Handshake };
  const more = { href: '/more', label: places.more, icon: Ellipsis };
  const people = (label: string): NavItem => ({ href: '/volunteers', label, icon: BookUser });
  if (role === 'supervisor')
    return [
      { href: '/overview', label: places.overview, icon: LayoutList },
      { href: '/inbox', label: places.inbox, icon: Inbox, badge: clashes },
      partners, activities, people(places.points), more,
    ];
  if (role === 'groupLeader') return [today, activities, people(places.members), partners, more];
  return [today, { href: '/visits', label: places.visits, icon: Footprints }, activities, people(places.volunteers), more];
}
