import * as v from 'valibot';
import { expect, test } from 'vitest';
import { contactsSchema, roomHeadsSchema, seatsSchema, ticketGrantSchema, ticketRequestSchema } from '../../../src/protocol/api.ts';

const actor = { person: 'per_li', role: 'gridWorker', community: 'shuangbai', grids: ['g1'], partners: [], device: 'lidev' };
const grant = { ticket: 't', expiresAt: 2, serverNow: 1, actor, communityGrids: ['g1'] };
const request = { seat: 'li', device: 'lidev', secret: 'a'.repeat(32) };

test('[PR1] what the server answers is read as it was written', () => {
  expect(v.parse(ticketGrantSchema, grant)).toEqual(grant);
  expect(v.parse(ticketRequestSchema, request)).toEqual(request);
  expect(v.parse(roomHeadsSchema, [{ room: 'v1/a/roster', head: 3 }])).toHaveLength(1);
  expect(v.parse(contactsSchema, [{ device: 'lidev', person: 'per_li', role: 'gridWorker', lastContactAt: 5 }])).toHaveLength(1);
  expect(v.parse(seatsSchema, [])).toEqual([]);
});

test('[PR2] what is no such answer or request is refused whole', () => {
  for (const wrong of [{ ...request, device: 'x' }, { ...request, device: '__proto__' }, { ...request, secret: 'zz' }, { ...request, extra: 1 }, { ...request, seat: 'x'.repeat(65) }, null, []])
    expect(v.is(ticketRequestSchema, wrong)).toBe(false);
  // No ticket carries the authority's role (AU2): a grant that claims it is no grant.
  expect(v.is(ticketGrantSchema, { ...grant, actor: { ...actor, role: 'authority' } })).toBe(false);
  expect(v.is(roomHeadsSchema, [{ room: 'v1/a/roster' }])).toBe(false);
});
