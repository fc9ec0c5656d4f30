/** What the frame around every page says: the badge of the tablet, and which places a phone's bar leaves to the last of them. */
import { expect, test } from 'vitest';
import { foldedOf, type NavItem } from '../../../src/lib/components/navItem.ts';
import { isNarrowed } from '../../../src/routes/(supervisor)/inbox/spans.ts';
import { badgeOf } from '../../../src/routes/tablet.ts';
import type { SyncStatus } from '../../../src/replica/contract.ts';

const quiet: SyncStatus = {
  link: 'online', actor: undefined, saved: 0, sent: 0, refused: 0, serverHeardAt: 1, roomsSyncing: 0, rooms: 3, filled: true, clockOffsetMs: 0, storage: 'ok',
  photos: { waiting: 0, bytes: 0 }, carrying: 0, bundlesChanged: 0,
};
const nothing = { saved: 0, sent: 0, refused: 0 };

test('[BF10] a tablet whose own work is confirmed says that it carries files of others, as does one without a network', () => {
  expect(badgeOf(quiet, nothing)).toEqual({ state: 'confirmed', count: 0, carrying: 0 });
  expect(badgeOf({ ...quiet, carrying: 2 }, nothing)).toEqual({ state: 'confirmed', count: 0, carrying: 2 });
  expect(badgeOf({ ...quiet, link: 'offline', saved: 1, carrying: 2 }, { ...nothing, saved: 1 })).toEqual({ state: 'offline', count: 1, carrying: 2 });
  expect(badgeOf({ ...quiet, storage: 'full', carrying: 1 }, nothing)).toMatchObject({ state: 'storage', carrying: 1 });
});

test('[PM6] what a phone\'s bar has no room for stands on the page of its last place, and that place only once', () => {
  const items = (count: number): NavItem[] => Array.from({ length: count }, (_, index) => ({ href: `/${index}`, label: String(index), icon: undefined as never }));
  expect(foldedOf(items(5))).toEqual([]);
  expect(foldedOf(items(7)).map(({ href }) => href)).toEqual(['/4', '/5']);
});

test('[MR5] a report is narrowed by any choice, and by none once all are taken back', () => {
  expect(isNarrowed({}, 'since')).toBe(false);
  expect(isNarrowed({ kind: undefined }, 'since')).toBe(false);
  expect(isNarrowed({ kind: 'visit' }, 'since')).toBe(true);
  expect(isNarrowed({}, 'ever')).toBe(true);
});
