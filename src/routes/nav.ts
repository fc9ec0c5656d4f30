/** The main pages of somebody, with their words and icons. Icons come one by one, so that only these are loaded. */
import BookUser from '@lucide/svelte/icons/book-user';
import CalendarDays from '@lucide/svelte/icons/calendar-days';
import Ellipsis from '@lucide/svelte/icons/ellipsis';
import Footprints from '@lucide/svelte/icons/footprints';
import Handshake from '@lucide/svelte/icons/handshake';
import House from '@lucide/svelte/icons/house';
import Inbox from '@lucide/svelte/icons/inbox';
import LayoutList from '@lucide/svelte/icons/layout-list';
import Store from '@lucide/svelte/icons/store';
import UsersRound from '@lucide/svelte/icons/users-round';
import { isSupervisor, type Actor } from '$domain/kernel/actor.ts';
import type { Icon } from '$lib/components/icon.ts';
import type { NavItem } from '$lib/components/navItem.ts';
import { places as words } from '$lib/i18n/words/places.ts';
import { places, placesOf, type PlaceName } from './places.ts';

const icons: Readonly<Record<PlaceName, Icon>> = {
  today: House, visits: Footprints, residents: UsersRound, activities: CalendarDays, volunteers: BookUser, members: BookUser, points: BookUser, partners: Handshake,
  overview: LayoutList, inbox: Inbox, redemption: Store, more: Ellipsis,
};

/** @param clashes how many records two people disagree on; they wait in the inbox of whoever may choose */
export const navOf = (actor: Actor, clashes: number): NavItem[] =>
  placesOf[actor.role].map((name) => ({
    href: places[name].href, label: words[name], icon: icons[name],
    badge: name === 'inbox' && isSupervisor(actor) ? clashes : undefined,
  }));
