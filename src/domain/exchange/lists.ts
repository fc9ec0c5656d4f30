/** Every list that can be imported, once. A list more is a row here. */
import type { ImportList } from './column.ts';
import { doorList } from './doors.ts';
import { memberList } from './members.ts';
import { partnerList } from './partners.ts';
import { residentList } from './residents.ts';
import { volunteerList } from './volunteers.ts';

export const importLists = { doors: doorList, residents: residentList, volunteers: volunteerList, partners: partnerList, members: memberList } as const satisfies Readonly<Record<string, ImportList>>;
export type ListName = keyof typeof importLists;
export const listNames = Object.keys(importLists) as readonly ListName[];

export const isListName = (text: string): text is ListName => Object.hasOwn(importLists, text);
