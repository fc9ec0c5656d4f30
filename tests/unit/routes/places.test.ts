import { expect, test } from 'vitest';
import { roles } from '../../../src/domain/kernel/actor.ts';
import { kinds, type KindName } from '../../../src/domain/kinds.ts';
import { homeOf, isOffered, places, placesOf, type PlaceName } from '../../../src/routes/places.ts';
import { columns, seeing } from '../../support/permissionCases.ts';

/** By hand: `++` and `+-` are rooms somebody of this role may open at all. */
const mayRead = (role: string, kind: KindName): boolean => (seeing[kinds[kind].family].split(' ')[columns.findIndex((each) => each === role)] ?? '').includes('+');

const offered = roles.flatMap((role) => placesOf[role].map((name) => ({ role, name })));
const unreadable = (pairs: readonly { readonly role: string; readonly name: PlaceName }[]): string[] =>
  pairs.flatMap(({ role, name }) => places[name].shows.filter((kind) => !mayRead(role, kind)).map((kind) => `${role} ${name} ${kind}`));

test('[PM6] nobody is offered a page whose records they may not read', () => {
  expect(unreadable(offered)).toEqual([]);
  expect(unreadable([{ role: 'monitor', name: 'visits' }, { role: 'redemptionPoint', name: 'members' }, { role: 'district', name: 'partners' }])).toHaveLength(5);
});

test('[PM6] everybody starts at the first page they are offered, and each page has one address', () => {
  expect(Object.fromEntries(roles.map((role) => [role, homeOf({ role })]))).toEqual({
    gridWorker: '/today', groupLeader: '/today', supervisor: '/overview', redemptionPoint: '/redemption', monitor: '/overview', district: '/more',
  });
  for (const role of roles) expect(new Set(placesOf[role].map((name) => places[name].href)).size, role).toBe(placesOf[role].length);
});

test('[PM6] what lies below a page is offered with it, what only begins alike is not', () => {
  const monitor = { role: 'monitor' } as const;
  expect(['/overview', '/overview/points', '/overviews', '/people', '/people/log', '/visits'].filter((path) => isOffered(monitor, path))).toEqual(['/overview', '/overview/points']);
});
