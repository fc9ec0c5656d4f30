import { redirect } from '@sveltejs/kit';
import { rememberedSeat } from '$client/seat.ts';
import type { LayoutLoad } from './$types';

// Every screen reads the tablet's own copy, which no server has: one shell is served for all paths.
export const ssr = false;
export const prerender = false;
export const trailingSlash = 'never';

/** Pages one may look at without sitting down. */
const open = ['/seat', '/join', '/demo', '/verify'];

export const load: LayoutLoad = ({ url }) => {
  const isOpen = open.some((path) => url.pathname === path || url.pathname.startsWith(`${path}/`));
  if (!isOpen && rememberedSeat() === undefined) redirect(307, url.pathname === '/' ? '/seat' : `/seat?next=${encodeURIComponent(url.pathname + url.search)}`);
  return { isOpen };
};
