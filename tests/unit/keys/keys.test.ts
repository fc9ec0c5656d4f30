/** The keys of a tablet: from a code and six digits to a data key, and what keeps others from it. */
import 'fake-indexeddb/auto';
import { createDecipheriv, createHmac, pbkdf2Sync } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { changeSeat, holdSeat, keysName, readSeat, removeSeat } from '../../../src/keys/database.ts';
import { join, joinState } from '../../../src/keys/joining.ts';
import { pinFault } from '../../../src/keys/pin.ts';
import { byDevice, makeSigningKey } from '../../../src/keys/proving.ts';
import { bySeat, haveSeatKey } from '../../../src/keys/seatKey.ts';
import { seatsHere } from '../../../src/keys/seats.ts';
import { askTicket, checkIn } from '../../../src/keys/tickets.ts';
import { changePin, newPinAfterRecovery, setPin, unlock } from '../../../src/keys/unlocking.ts';
import { finishWiping, wipe } from '../../../src/keys/wiping.ts';
import { makeDataKey, openSigner, pinIterations } from '../../../src/keys/wrapping.ts';
import { comparisonDigits } from '../../../src/protocol/identity.ts';
import { code, IdentityStandIn } from '../../support/identityStandIn.ts';

const pin = '271828';
const other = '314159';
const iv = new Uint8Array(12);
let stoodIn: IdentityStandIn;
let server: string;

beforeEach(async () => {
  stoodIn = new IdentityStandIn();
  server = await stoodIn.listen();
});
afterEach(async () => {
  vi.useRealTimers();
  for (const { id } of await seatsHere()) await wipe(server, id);
  await stoodIn.close();
});

function value<T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown }): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

/** A seat that was confirmed and has a PIN. @returns its tag, and something its data key sealed */
async function seated(): Promise<{ tag: string; dataKey: CryptoKey; sealed: ArrayBuffer }> {
  stoodIn.confirms = false;
  const { id } = value(await join(server, code, 'test'));
  const dataKey = value(await setPin(server, id, pin));
  return { tag: id, dataKey, sealed: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, dataKey, new TextEncoder().encode('老王')) };
}
const read = async (key: CryptoKey, sealed: ArrayBuffer): Promise<string> => new TextDecoder().decode(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, sealed));
/** The clock alone: what waits for a server goes on. */
const setClock = (ms: number) => vi.useFakeTimers({ now: Date.now() + ms, toFake: ['Date'] });
const dayMs = 86_400_000;

test('[KY6] joining: the code as typed, the same six digits on both sides, then a supervisor confirms, then a PIN', async () => {
  expect(await join(server, 'abcd', 'test')).toEqual({ ok: false, error: 'malformed' });
  expect(await join(server, 'ZZZZ-ZZZZ-ZZZZ', 'test')).toEqual({ ok: false, error: 'code' });
  const seat = value(await join(server, 'abcd efgh-2345', 'test'));
  expect(seat).toMatchObject({ state: 'waiting', name: '李', person: 'per_li', replica: `p-${seat.id}` });
  expect(seat.digits).toBe(await comparisonDigits(code, stoodIn.only.key));
  expect(await joinState(server, seat.id)).toEqual({ ok: true, value: 'waiting' });
  expect((await setPin(server, seat.id, pin)).ok).toBe(false);
  stoodIn.only.confirmed = true;
  expect(await joinState(server, seat.id)).toEqual({ ok: true, value: 'confirmed' });
  expect((await seatsHere()).map(({ state }) => state)).toEqual(['needs-pin']);
  expect((await setPin(server, seat.id, pin)).ok).toBe(true);
  expect((await seatsHere()).map(({ state, triesLeft }) => [state, triesLeft])).toEqual([['ready', 10]]);
  expect(stoodIn.only.newPinAllowed).toBe(false);
});

test('[KY6] when the answer to a joining tablet was lost, it asks again as the same device', async () => {
  stoodIn.losesAnswer = true;
  expect(await join(server, code, 'test')).toEqual({ ok: false, error: 'offline' });
  const { id } = value(await join(server, code, 'test'));
  expect(new Set(stoodIn.shown).size).toBe(1);
  expect((await seatsHere()).map((seat) => seat.id)).toEqual([id]);
  expect(value(await join(server, code, 'test')).id).not.toBe(id);
});

test('[KY6] a seat whose digits were not the same leaves the tablet; without a server joining says so', async () => {
  const { id } = value(await join(server, code, 'test'));
  stoodIn.only.refused = true;
  expect(await joinState(server, id)).toEqual({ ok: true, value: 'refused' });
  expect(await seatsHere()).toEqual([]);
  await stoodIn.close();
  expect(await join(server, code, 'test')).toEqual({ ok: false, error: 'offline' });
  await stoodIn.listen();
});

test('[KY1] the right PIN opens, without a network, what was sealed before; the key cannot be read out', async () => {
  const { tag, sealed } = await seated();
  const asked = stoodIn.asked.length;
  const dataKey = value(await unlock(tag, pin));
  expect(stoodIn.asked.length).toBe(asked);
  expect(await read(dataKey, sealed)).toBe('老王');
  expect(dataKey.extractable).toBe(false);
  await expect(crypto.subtle.exportKey('raw', dataKey)).rejects.toThrow();
});

test('[KY1] the key is wrapped under HMAC of the half and 600,000 rounds of PBKDF2: worked out anew by other means, and by fewer rounds not', async () => {
  const { tag } = await seated();
  const piece = (await readSeat(tag))?.underPin;
  if (!piece) throw new Error('no PIN');
  const wrapped = Buffer.from(piece.bytes);
  const open = (rounds: number, half: string): Buffer => {
    const kek = createHmac('sha256', Buffer.from(half, 'hex')).update(pbkdf2Sync(pin, piece.salt, rounds, 32, 'sha256')).digest();
    const decipher = createDecipheriv('aes-256-gcm', kek, piece.iv).setAAD(Buffer.from(`linhuo:v1:pin\n${tag}`)).setAuthTag(wrapped.subarray(-16));
    return Buffer.concat([decipher.update(wrapped.subarray(0, -16)), decipher.final()]);
  };
  expect(pinIterations).toBeGreaterThanOrEqual(600_000);
  expect(open(pinIterations, stoodIn.only.half)).toHaveLength(32);
  expect(() => open(pinIterations - 1, stoodIn.only.half)).toThrow();
  expect(() => open(pinIterations, stoodIn.only.recovery)).toThrow();
});

test('[KY1] a wrapped key that was changed by one bit, or that is another purpose’s or another seat’s, opens nothing', async () => {
  const { tag } = await seated();
  const whole = await readSeat(tag);
  if (!whole?.underPin || !whole.underRecovery) throw new Error('no PIN');
  const { underPin, underRecovery } = whole;
  const bytes = new Uint8Array(underPin.bytes.slice(0));
  bytes[7] = (bytes[7] ?? 0) ^ 1;
  for (const changed of [{ ...underPin, bytes: bytes.buffer }, { ...underPin, ...underRecovery }, { ...underPin, iv: underRecovery.iv }]) {
    await changeSeat(tag, () => ({ underPin: changed, wrong: 0 }));
    expect(await unlock(tag, pin)).toEqual({ ok: false, error: { type: 'wrong', triesLeft: 9 } });
  }
  const second = (await seated()).tag;
  const theirs = await readSeat(second);
  // Everything the other seat opens with, its tag excepted.
  await changeSeat(tag, () => ({ underPin: theirs?.underPin, half: theirs?.half, wrong: 0 }));
  expect((await unlock(second, pin)).ok).toBe(true);
  expect(await unlock(tag, pin)).toEqual({ ok: false, error: { type: 'wrong', triesLeft: 9 } });
});

test('[KY2] easy PINs are not taken', async () => {
  for (const easy of ['000000', '777777', '123456', '234567', '890123', '654321', '210987', '121212', '505050', '123123']) expect(pinFault(easy), easy).toBe('too-easy');
  for (const malformed of ['', '12345', '1234567', 'abcdef', '12 456', '１２３４５７']) expect(pinFault(malformed), malformed).toBe('six-digits');
  for (const good of [pin, other, '135790', '112233', '100000']) expect(pinFault(good), good).toBeUndefined();
  const { tag } = await seated();
  expect(await changePin(tag, pin, '111111')).toEqual({ ok: false, error: 'too-easy' });
});

test('[KY3] the half that has expired opens nothing and is deleted; one contact with the server, and the PIN opens again', async () => {
  const { tag, sealed } = await seated();
  setClock(29 * dayMs);
  expect((await unlock(tag, pin)).ok).toBe(true);
  setClock(2 * dayMs);
  expect(await unlock(tag, pin)).toEqual({ ok: false, error: { type: 'needs-network' } });
  expect((await readSeat(tag))?.half).toBeUndefined();
  vi.useRealTimers();
  // Opening the app is enough.
  const second = (await seated()).tag;
  expect((await readSeat(second))?.half).toBeDefined();
  setClock(31 * dayMs);
  await seatsHere();
  expect((await readSeat(second))?.half).toBeUndefined();
  vi.useRealTimers();
  expect(await unlock(tag, pin)).toEqual({ ok: false, error: { type: 'needs-network' } });
  expect(await checkIn(server, tag)).toEqual({ ok: true, value: null });
  expect(await read(value(await unlock(tag, pin)), sealed)).toBe('老王');
});

test('[KY3] a clock set back does not stretch the days; each ticket does', async () => {
  const { tag, dataKey } = await seated();
  setClock(29 * dayMs);
  value(await unlock(tag, pin));
  setClock(-20 * dayMs);
  await changeSeat(tag, ({ half }) => (half ? { half: { ...half, until: Date.now() + 15 * dayMs } } : {}));
  expect(await unlock(tag, pin)).toEqual({ ok: false, error: { type: 'needs-network' } });
  value(await askTicket(server, { tag, dataKey }, { saved: 3, refused: 1 }));
  expect(stoodIn.only.unsent).toEqual({ saved: 3, refused: 1 });
  setClock(29 * dayMs);
  expect((await unlock(tag, pin)).ok).toBe(true);
});

test('[KY4] ten wrong PINs lock the seat, the right one then too; a supervisor allows a new PIN, and all is still readable', async () => {
  const { tag, sealed } = await seated();
  for (let left = 9; left > 0; left -= 1) expect(await unlock(tag, other)).toEqual({ ok: false, error: { type: 'wrong', triesLeft: left } });
  expect(await unlock(tag, other)).toEqual({ ok: false, error: { type: 'locked-out' } });
  expect(await unlock(tag, pin)).toEqual({ ok: false, error: { type: 'locked-out' } });
  expect((await seatsHere())[0]).toMatchObject({ state: 'locked-out', triesLeft: 0 });
  // More tickets do not help, nor does asking for what nobody has allowed.
  expect((await checkIn(server, tag)).ok).toBe(true);
  expect(await newPinAfterRecovery(server, tag, other)).toEqual({ ok: false, error: 'barred' });
  expect(await unlock(tag, pin)).toEqual({ ok: false, error: { type: 'locked-out' } });
  stoodIn.only.newPinAllowed = true;
  expect(await read(value(await newPinAfterRecovery(server, tag, other)), sealed)).toBe('老王');
  expect(stoodIn.only.newPinAllowed).toBe(false);
  expect((await unlock(tag, pin)).ok).toBe(false);
  expect((await unlock(tag, other)).ok).toBe(true);
});

test('[KY4] a try counts before it is made: tries side by side, in as many tabs, get no more than ten', async () => {
  const { tag } = await seated();
  const tries = await Promise.all(Array.from({ length: 14 }, (_each, index) => unlock(tag, `98765${index % 2 === 0 ? 1 : 3}`)));
  expect(tries.filter((each) => !each.ok && each.error.type === 'wrong')).toHaveLength(9);
  expect(tries.filter((each) => !each.ok && each.error.type === 'locked-out')).toHaveLength(5);
}, 60_000);

test('[KY4] the right PIN starts the count anew; a changed PIN takes the place of the old one', async () => {
  const { tag, sealed } = await seated();
  await unlock(tag, other);
  expect((await seatsHere())[0]?.triesLeft).toBe(9);
  await unlock(tag, pin);
  expect((await seatsHere())[0]?.triesLeft).toBe(10);
  expect(await changePin(tag, other, '161803')).toMatchObject({ ok: false, error: { type: 'wrong' } });
  expect(await changePin(tag, pin, other)).toEqual({ ok: true, value: null });
  expect(await unlock(tag, pin)).toMatchObject({ ok: false, error: { type: 'wrong' } });
  expect(await read(value(await unlock(tag, other)), sealed)).toBe('老王');
});

test('[KY9] two tabs set the first PIN at once: one of them does, and what it opens is what is sealed', async () => {
  stoodIn.confirms = false;
  const { id } = value(await join(server, code, 'test'));
  const set = await Promise.all([setPin(server, id, pin), setPin(server, id, other)]);
  expect(set.map((each) => each.ok || each.error).sort()).toEqual(['set-meanwhile', true]);
  const [winner, loser] = set[0].ok ? [pin, other] : [other, pin];
  const dataKey = set.flatMap((each) => (each.ok ? each.value : []))[0] as CryptoKey;
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, dataKey, new TextEncoder().encode('老王'));
  expect(await read(value(await unlock(id, winner)), sealed)).toBe('老王');
  expect((await unlock(id, loser)).ok).toBe(false);
  // What opens it once a supervisor has allowed a new one is of the same seat.
  stoodIn.only.newPinAllowed = true;
  expect(await read(value(await newPinAfterRecovery(server, id, loser)), sealed)).toBe('老王');
  expect(await setPin(server, id, pin)).toEqual({ ok: false, error: 'set-meanwhile' });
}, 20_000);

test('[KY9, KY7] a PIN that is changed while the seat is ended or wiped brings no key back', async () => {
  const { tag } = await seated();
  const [changed] = await Promise.all([changePin(tag, pin, other), changeSeat(tag, () => ({ ended: 'wipe', underPin: undefined, underRecovery: undefined }))]);
  expect(changed.ok).toBe(false);
  expect((await readSeat(tag))?.underPin).toBeUndefined();
  const second = (await seated()).tag;
  const late = changePin(second, pin, other);
  await vi.waitFor(async () => expect((await readSeat(second))?.wrong).toBe(1), { interval: 5 });
  await changeSeat(second, () => ({ ended: 'wipe', underPin: undefined }));
  expect(await late).toEqual({ ok: false, error: 'set-meanwhile' });
  expect((await readSeat(second))?.underPin).toBeUndefined();
}, 20_000);

test('[IE7] all tries for one PIN call themselves alike, so that an answer that was lost is given again; the next PIN’s do not', async () => {
  const { tag } = await seated();
  stoodIn.only.newPinAllowed = true;
  expect((await newPinAfterRecovery(server, tag, other)).ok).toBe(true);
  const [first, ofDone, second] = stoodIn.attempts;
  expect([first, second].every((each) => /^[a-z2-9]{16}$/.test(each ?? ''))).toBe(true);
  expect([ofDone, first === second]).toEqual([undefined, false]);
});

test('[KY5] a proof is good for one purpose, one challenge and this device; the key that signs cannot be read out', async () => {
  const { tag } = await seated();
  const { nonce } = (await (await fetch(`${server}/api/challenge`)).json()) as { nonce: string };
  const proof = await byDevice(tag)('check-in', nonce);
  const show = async (path: string, body: unknown) => (await fetch(server + path, { method: 'POST', body: JSON.stringify(body) })).status;
  expect(await show('/api/recovery', proof)).toBe(403);
  const next = (await (await fetch(`${server}/api/challenge`)).json()) as { nonce: string };
  const good = await byDevice(tag)('check-in', next.nonce);
  expect(await show('/api/check-in', good)).toBe(200);
  expect(await show('/api/check-in', good)).toBe(403);
  const stored = await readSeat(tag);
  await expect(crypto.subtle.exportKey('pkcs8', stored?.privateKey as CryptoKey)).rejects.toThrow();
  await expect(crypto.subtle.exportKey('raw', stored?.half?.key as CryptoKey)).rejects.toThrow();
});

/** What the server says to a proof. */
async function shown(path: string, purpose: 'ticket' | 'handover', tag: string, sign: (nonce: string) => Promise<object | undefined>): Promise<string> {
  const { nonce } = (await (await fetch(`${server}/api/challenge`)).json()) as { nonce: string };
  const more = purpose === 'handover' ? { facts: [{ room: 'v1/c1/roster', id: `${tag}-1`, json: '{}' }] } : {};
  const answer = await fetch(server + path, { method: 'POST', body: JSON.stringify({ ...(await sign(nonce)), ...more }) });
  return ((await answer.json()) as { error?: string }).error ?? String(answer.status);
}

test('[KY10] a seat that no PIN has opened signs for no ticket and no handover; the key that does lies sealed and cannot be read out', async () => {
  const { tag, dataKey } = await seated();
  expect(stoodIn.only.seatKey).toEqual((await readSeat(tag))?.seatKey?.publicKey);
  for (const [path, purpose] of [['/api/tickets', 'ticket'], ['/api/handover', 'handover']] as const) {
    expect(await shown(path, purpose, tag, (nonce) => byDevice(tag)(purpose, nonce))).toBe('locked');
    expect(await shown(path, purpose, tag, (nonce) => bySeat({ tag, dataKey })(purpose, nonce))).toBe('200');
    // Another key for the data opens no key to sign with: what is left is the device's.
    expect(await shown(path, purpose, tag, async (nonce) => bySeat({ tag, dataKey: await makeDataKey() })(purpose, nonce))).toBe('locked');
  }
  const { sealed } = (await readSeat(tag))?.seatKey ?? {};
  if (!sealed) throw new Error('no key behind the PIN');
  const signer = await openSigner(sealed, dataKey, tag);
  expect(signer?.usages).toEqual(['sign']);
  await expect(crypto.subtle.exportKey('pkcs8', signer as CryptoKey)).rejects.toThrow();
  expect(await openSigner(sealed, dataKey, 'other1')).toBeUndefined();
  // The only keys on the disk that are not sealed: the device's and the server's half.
  expect(Object.entries((await readSeat(tag)) ?? {}).flatMap(([name, each]) => (each instanceof CryptoKey || (each as { key?: unknown } | undefined)?.key instanceof CryptoKey ? name : []))).toEqual(['privateKey', 'half']);
  expect((await checkIn(server, tag)).ok).toBe(true);
});

test('[KY10] a seat whose PIN is older than these keys makes one when it is opened, all tabs the same; until it is known the device’s does', async () => {
  const { tag, dataKey } = await seated();
  await changeSeat(tag, () => ({ seatKey: undefined }));
  stoodIn.only.seatKey = undefined;
  await Promise.all([1, 2, 3].map(() => haveSeatKey({ tag, dataKey })));
  const made = (await readSeat(tag))?.seatKey?.publicKey;
  expect(await shown('/api/tickets', 'ticket', tag, (nonce) => bySeat({ tag, dataKey })('ticket', nonce))).toBe('200');
  await Promise.all([1, 2, 3].map(async () => value(await askTicket(server, { tag, dataKey }))));
  expect(stoodIn.only.seatKey).toEqual(made);
  expect((await readSeat(tag))?.seatKey).toMatchObject({ publicKey: made, isKnown: true });
  expect(await shown('/api/tickets', 'ticket', tag, (nonce) => byDevice(tag)('ticket', nonce))).toBe('locked');
});

test('[KY10] a new PIN keeps the key; a server that forgot it is told again; one that knows another gives no ticket', async () => {
  const { tag, dataKey } = await seated();
  const first = stoodIn.only.seatKey;
  stoodIn.only.newPinAllowed = true;
  const again = value(await newPinAfterRecovery(server, tag, other));
  value(await askTicket(server, { tag, dataKey: again }));
  expect([stoodIn.only.seatKey, stoodIn.seatKeys.length]).toEqual([first, 1]);
  stoodIn.only.seatKey = undefined;
  value(await askTicket(server, { tag, dataKey }));
  expect([stoodIn.only.seatKey, stoodIn.seatKeys.length]).toEqual([first, 2]);
  // Somebody who has the device's key was faster.
  stoodIn.only.seatKey = (await makeSigningKey()).publicKey;
  expect(await askTicket(server, { tag, dataKey })).toEqual({ ok: false, error: 'locked' });
});

test('[KY10, KY8] a seat that was put back signs with the same key', async () => {
  const { tag, dataKey } = await seated();
  const putBack = await holdSeat(tag);
  await new Promise((resolve) => (indexedDB.deleteDatabase(keysName).onsuccess = resolve));
  await putBack();
  value(await askTicket(server, { tag, dataKey }));
  expect(new Set(stoodIn.seatKeys).size).toBe(1);
});

test('[KY8] a seat that was cleared away is put back as it was held, and one that stands is left alone', async () => {
  const { tag, sealed } = await seated();
  const putBack = await holdSeat(tag);
  await unlock(tag, other);
  await putBack();
  expect((await readSeat(tag))?.wrong).toBe(1);
  await new Promise((resolve) => (indexedDB.deleteDatabase(keysName).onsuccess = resolve));
  expect((await unlock(tag, pin)).ok).toBe(false);
  await putBack();
  expect(await read(value(await unlock(tag, pin)), sealed)).toBe('老王');
  expect((await checkIn(server, tag)).ok).toBe(true);
});

test('[KY7, KY8] a seat that was wiped is not put back by another tab that still has it in memory', async () => {
  const { tag } = await seated();
  const putBack = await holdSeat(tag);
  await removeSeat(tag);
  await expect(putBack()).rejects.toThrow('taken off');
  expect(await readSeat(tag)).toBeUndefined();
});

test('[KY7] a seat that the server ended says so; wiped, its keys and databases are gone, and the server has heard it', async () => {
  const { tag } = await seated();
  const keeper = (await seated()).tag;
  for (const name of [`linhuo-p-${tag}-journal`, `rxdb-dexie-linhuo-p-${tag}-view--0--visits`, `linhuo-p-${keeper}-journal`])
    await new Promise<void>((resolve) => {
      const request = indexedDB.open(name, 1);
      request.onsuccess = () => {
        request.result.close();
        resolve();
      };
    });
  const device = stoodIn.devices.get(tag);
  if (!device) throw new Error('no device');
  device.ended = 'wipe';
  expect(await checkIn(server, tag)).toEqual({ ok: false, error: 'wipe' });
  expect((await seatsHere()).find(({ id }) => id === tag)).toMatchObject({ state: 'ended', ended: 'wipe' });
  expect(await wipe(server, tag)).toEqual({ ok: true, value: null });
  expect(device.wiped).toBe(true);
  expect((await seatsHere()).map(({ id }) => id)).toEqual([keeper]);
  expect((await indexedDB.databases()).map(({ name }) => name).sort()).toEqual([keysName, `linhuo-p-${keeper}-journal`]);
  expect((await unlock(keeper, pin)).ok).toBe(true);
});

test('[KY7] while another tab has a database open, the key is gone already, and wiping goes on when asked again', async () => {
  const { tag } = await seated();
  const open = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open(`linhuo-p-${tag}-journal`, 1);
    request.onsuccess = () => resolve(request.result);
  });
  expect(await wipe(server, tag)).toEqual({ ok: false, error: 'in-use' });
  expect(await unlock(tag, pin)).toEqual({ ok: false, error: { type: 'no-pin' } });
  expect((await seatsHere()).map(({ state }) => state)).toEqual(['ended']);
  open.close();
  const keeper = (await seated()).tag;
  await finishWiping(server);
  expect((await seatsHere()).map((seat) => [seat.id, seat.state])).toEqual([[keeper, 'ready']]);
  expect((await indexedDB.databases()).map(({ name }) => name)).toEqual([keysName]);
});
