import type { ListName } from '$domain/exchange/lists.ts';

/** Where what was imported is to be seen. */
export const listPath: Readonly<Record<ListName, string>> = { doors: '/visits', residents: '/residents', volunteers: '/volunteers', partners: '/partners' };
