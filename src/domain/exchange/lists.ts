/** Every list that can be imported, once. A list more is a row here, and its name in schema.ts. */
import type { ImportList } from './column.ts';
import { doorList } from './doors.ts';
import { memberList } from './members.ts';
import { partnerList } from './partners.ts';
import { residentList } from './residents.ts';
import type { ListName } from './schema.ts';
import { volunteerList } from './volunteers.ts';

export { isListName, listNames, type ListName } from './schema.ts';

export const importLists = {
  doors: doorList, residents: residentList, volunteers: volunteerList, partners: partnerList, members: memberList,
} as const satisfies Readonly<Record<ListName, ImportList>>;
