/** The tablet's own keys against the real server: both halves of identity, as they are. */
import 'fake-indexeddb/auto';
import { afterEach, expect, test } from 'vitest';
import { join, joinState } from '../../src/keys/joining.ts';
import { seatsHere } from '../../src/keys/seats.ts';
import { askTicket } from '../../src/keys/tickets.ts';
import { newPinAfterRecovery, setPin, unlock } from '../../src/keys/unlocking.ts';
import { wipe } from '../../src/keys/wiping.ts';
import { foundCommunity } from '../support/realCommunity.ts';
import type { ServerProcess } from '../support/serverProcess.ts';

let server: ServerProcess | undefined;
afterEach(async () => server?.dispose());

function value<T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown }): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}
const iv = new Uint8Array(12);
const seal = (key: CryptoKey) => crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, new TextEncoder().encode('老王'));
const open = async (key: CryptoKey, sealed: ArrayBuffer): Promise<string> => new TextDecoder().decode(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, sealed));

test('[IE2, IE6, IE7, IR3, IR8] a tablet joins, gets a PIN, forgets it, gets another, is lost and wipes itself', async () => {
  const community = await foundCommunity();
  const { supervisor } = community;
  server = community.server;
  const { code = '' } = await supervisor.done({ act: 'invite', name: '李工', role: 'gridWorker', grids: ['g1'], partners: [] });
  const seat = value(await join(server.url, `${code.slice(0, 4)}-${code.slice(4, 8)}-${code.slice(8).toLowerCase()}`, 'Test · Node'));
  const ofDevice = async () => (await supervisor.registry()).devices.find(({ tag }) => tag === seat.id);
  expect(await ofDevice()).toMatchObject({ state: 'waiting', digits: seat.digits });
  expect(await joinState(server.url, seat.id)).toEqual({ ok: true, value: 'waiting' });
  expect((await setPin(server.url, seat.id, '271828')).ok).toBe(false);
  await supervisor.done({ act: 'confirm', device: seat.id });
  expect(await joinState(server.url, seat.id)).toEqual({ ok: true, value: 'confirmed' });
  const sealed = await seal(value(await setPin(server.url, seat.id, '271828')));
  expect((await ofDevice())?.newPinUntil).toBeUndefined();
  expect(await open(value(await unlock(seat.id, '271828')), sealed)).toBe('老王');
  expect(value(await askTicket(server.url, { tag: seat.id, dataKey: value(await unlock(seat.id, '271828')) }, { saved: 2, refused: 1 })).actor).toMatchObject({ grids: ['g1'], device: seat.id });
  expect((await ofDevice())?.unsent).toEqual({ saved: 2, refused: 1 });

  expect((await newPinAfterRecovery(server.url, seat.id, '314159')).ok).toBe(false);
  await supervisor.done({ act: 'allowNewPin', device: seat.id });
  expect(await open(value(await newPinAfterRecovery(server.url, seat.id, '314159')), sealed)).toBe('老王');
  expect((await unlock(seat.id, '271828')).ok).toBe(false);
  expect((await ofDevice())?.newPinUntil).toBeUndefined();

  await supervisor.done({ act: 'lostTablet', tablet: (await ofDevice())?.tablet ?? '', reason: '丢了' });
  expect(await askTicket(server.url, { tag: seat.id, dataKey: value(await unlock(seat.id, '314159')) })).toEqual({ ok: false, error: 'wipe' });
  await wipe(server.url, seat.id);
  expect(await seatsHere()).toEqual([]);
  expect((await ofDevice())?.wipedAt).toBeGreaterThan(0);
}, 60_000);
