import type { ListName } from '$domain/exchange/lists.ts';
import type { Actor } from '$domain/kernel/actor.ts';

/** Where what was imported is to be seen. */
const listPath: Readonly<Record<ListName, string>> = { doors: '/visits', residents: '/residents', volunteers: '/volunteers', partners: '/partners', members: '/volunteers' };

/** A group's members are its leader's list; the office has a page for each group. */
export const pathOf = (list: ListName, { role }: Actor): string => (list === 'members' && role !== 'groupLeader' ? '/partners' : listPath[list]);
