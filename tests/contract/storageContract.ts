/** What every storage has to keep, whatever it is made of. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { photoNameOf } from '../../server/storage/chain.ts';
import { photoUploadsMax, quarantineMax, quarantineMaxBytes, retiredTag, wholeTag, type RoomAppend, type Storage, type StoredUpdate } from '../../server/storage/contract.ts';

export interface StorageUnderTest {
  /** A storage nobody has used. */
  open(): Promise<Storage>;
  /** Closes it and opens the same data again; undefined for a storage that keeps nothing. */
  readonly reopen: ((storage: Storage) => Promise<Storage>) | undefined;
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
export const update = (text: string): StoredUpdate => ({ bytes: bytesOf(text), device: 'lidev', person: 'per_li', at: 1_000 });
export const appendTo = (room: string, after: number, ...texts: readonly string[]): RoomAppend => ({ room, after, updates: texts.map(update), clients: [] });

const log = 'v1/shuangbai/log/2026-05';
const ledger = 'v1/shuangbai/ledger/2026-05';

export function storageContract(kept: StorageUnderTest): void {
  let storage: Storage;
  beforeEach(async () => {
    storage = await kept.open();
  });
  afterEach(async () => {
    await storage.close();
  });
  /** The same data, after a restart where there is such a thing. */
  const again = async (): Promise<Storage> => {
    if (kept.reopen) storage = await kept.reopen(storage);
    return storage;
  };
  const tailOf = async (room: string): Promise<string[]> => (await storage.openRoom(room)).tail.map((bytes) => new TextDecoder().decode(bytes));

  test('[ST2] a room nobody wrote to is empty, and asking for it does not make it', async () => {
    expect(await storage.openRoom(log)).toEqual({ head: 0, snapshot: undefined, tail: [], clients: new Map() });
    expect(await storage.heads('')).toEqual([]);
    expect(await storage.audit(log)).toBe(0);
  });

  test('[ST2] updates come back in order, over appends and a restart', async () => {
    await storage.append([appendTo(log, 0, 'a', 'b')]);
    await storage.append([appendTo(log, 2, 'c'), appendTo(ledger, 0, 'x')]);
    await again();
    expect(await tailOf(log)).toEqual(['a', 'b', 'c']);
    expect(await tailOf(ledger)).toEqual(['x']);
    expect((await storage.openRoom(log)).head).toBe(3);
    await storage.append([appendTo(log, 3, 'd')]);
    expect(await tailOf(log)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('[ST2] what is handed over is copied: the caller may reuse its buffer', async () => {
    const bytes = bytesOf('first');
    await storage.append([{ room: log, after: 0, updates: [{ ...update(''), bytes }], clients: [] }]);
    bytes.fill(0);
    expect(await tailOf(log)).toEqual(['first']);
  });

  test('[ST3] an append that does not start at the head is refused', async () => {
    await storage.append([appendTo(log, 0, 'a')]);
    for (const after of [0, 2]) await expect(storage.append([appendTo(log, after, 'b')])).rejects.toMatchObject({ fault: 'conflict' });
    expect(await tailOf(log)).toEqual(['a']);
  });

  test('[ST1] a batch is all or nothing over its rooms', async () => {
    await expect(storage.append([appendTo(log, 0, 'a'), appendTo(ledger, 7, 'x')])).rejects.toMatchObject({ fault: 'conflict' });
    await again();
    expect(await storage.heads('')).toEqual([]);
    expect(await tailOf(log)).toEqual([]);
  });

  test('[ST6] who owns a Yjs client is kept with the update that bound it, and lost with it', async () => {
    await storage.append([{ ...appendTo(log, 0, 'a'), clients: [[2 ** 32 - 1, 'lidev'], [7, 'wudev']] }]);
    await expect(storage.append([{ ...appendTo(log, 9, 'b'), clients: [[8, 'lidev']] }])).rejects.toMatchObject({ fault: 'conflict' });
    await again();
    expect((await storage.openRoom(log)).clients).toEqual(new Map([[2 ** 32 - 1, 'lidev'], [7, 'wudev']]));
    expect((await storage.openRoom(ledger)).clients).toEqual(new Map());
  });

  test('[ST5] compaction puts a snapshot before what came after it, and keeps head and clients', async () => {
    await storage.append([{ ...appendTo(log, 0, 'a', 'b', 'c'), clients: [[7, 'lidev']] }]);
    await storage.compact(log, bytesOf('ab'), 2);
    await again();
    expect(await storage.openRoom(log)).toMatchObject({ head: 3, snapshot: bytesOf('ab'), tail: [bytesOf('c')], clients: new Map([[7, 'lidev']]) });
    await storage.append([appendTo(log, 3, 'd')]);
    await storage.compact(log, bytesOf('abcd'), 4);
    await again();
    expect(await storage.openRoom(log)).toMatchObject({ head: 4, snapshot: bytesOf('abcd'), tail: [] });
    await storage.append([appendTo(log, 4, 'e')]);
    expect(await tailOf(log)).toEqual(['e']);
    expect(await storage.heads('')).toEqual([{ room: log, head: 5 }]);
  });

  test('[ST18] a room made anew has its next head, its new beginning and nothing of before; its clients are retired, what was refused for it is gone', async () => {
    await storage.append([{ ...appendTo(log, 0, 'a', 'b'), clients: [[7, 'lidev']] }, appendTo(ledger, 0, 'x')]);
    await storage.compact(log, bytesOf('a'), 1);
    const refused = { room: log, device: 'lidev', person: 'per_li', reason: 'gap', fact: '', bytes: bytesOf('b'), at: 1 };
    await storage.quarantine(refused);
    await storage.quarantine({ ...refused, room: ledger });
    await storage.rebase({ room: log, after: 2, snapshot: bytesOf('anew'), client: 9 });
    await again();
    expect(await storage.openRoom(log)).toEqual({ head: 3, snapshot: bytesOf('anew'), tail: [], clients: new Map([[7, retiredTag], [9, wholeTag]]) });
    expect((await storage.quarantined(9)).map(({ room }) => room)).toEqual([ledger]);
    expect(await storage.audit(log)).toBe(0);
    await storage.append([{ ...appendTo(log, 3, 'c'), clients: [[11, 'wudev']] }]);
    await again();
    expect(await storage.openRoom(log)).toMatchObject({ head: 4, tail: [bytesOf('c')] });
    expect(await tailOf(ledger)).toEqual(['x']);
  });

  test('[ST18] a room that moved meanwhile is not made anew, and a ledger never is', async () => {
    await storage.append([appendTo(log, 0, 'a', 'b'), appendTo(ledger, 0, 'x')]);
    for (const [room, after] of [[log, 1], [ledger, 1], ['v1/shuangbai/roster', 0]] as const)
      await expect(storage.rebase({ room, after, snapshot: bytesOf('?'), client: 9 })).rejects.toMatchObject({ fault: 'conflict' });
    expect(await tailOf(log)).toEqual(['a', 'b']);
    expect(await tailOf(ledger)).toEqual(['x']);
  });

  test('[ST5] a snapshot for a head the room does not have is refused', async () => {
    await storage.append([appendTo(log, 0, 'a')]);
    await expect(storage.compact(log, bytesOf('?'), 2)).rejects.toMatchObject({ fault: 'conflict' });
    expect(await tailOf(log)).toEqual(['a']);
  });

  test('[ST5] a ledger keeps every update through compactions, and its whole chain can be walked', async () => {
    for (const room of [log, ledger]) {
      await storage.append([appendTo(room, 0, 'a', 'b')]);
      await storage.compact(room, bytesOf('ab'), 2);
      await storage.append([appendTo(room, 2, 'c')]);
      await storage.compact(room, bytesOf('abc'), 3);
      await storage.append([appendTo(room, 3, 'd')]);
    }
    await again();
    expect(await storage.audit(ledger)).toBe(4);
    expect(await storage.audit(log)).toBe(1);
  });

  test('[ST2] heads are listed by prefix, in order of name', async () => {
    await storage.append([appendTo('v1/b/roster', 0, 'a'), appendTo('v1/a/log/2026-05', 0, 'a', 'b'), appendTo('v1/ab/roster', 0, 'a'), appendTo('v1/a/roster', 0, 'a')]);
    expect(await storage.heads('v1/a/')).toEqual([{ room: 'v1/a/log/2026-05', head: 2 }, { room: 'v1/a/roster', head: 1 }]);
    expect((await storage.heads('v1/')).length).toBe(4);
  });

  test('[ST8] quarantine keeps the newest and never more than its limit', async () => {
    const entry = (fact: string) => ({ room: log, device: 'lidev', person: 'per_li', reason: 'gap', fact, bytes: bytesOf(fact), at: 1 });
    for (let count = 0; count < quarantineMax + 3; count += 1) await storage.quarantine(entry(`f-${count}`));
    await again();
    const all = await storage.quarantined(quarantineMax * 2);
    expect(all.length).toBe(quarantineMax);
    expect(all[0]).toMatchObject(entry(`f-${quarantineMax + 2}`));
    expect(all.at(-1)).toMatchObject({ fact: 'f-3' });
    expect((await storage.quarantined(2)).map(({ fact }) => fact)).toEqual([`f-${quarantineMax + 2}`, `f-${quarantineMax + 1}`]);
  }, 60_000);

  test('[ST8] quarantine keeps the newest and never more bytes than its limit', async () => {
    const bytes = new Uint8Array(4 * 1_048_576);
    const fits = quarantineMaxBytes / bytes.byteLength;
    for (let count = 0; count < fits + 2; count += 1) await storage.quarantine({ room: log, device: 'lidev', person: 'per_li', reason: 'gap', fact: `f-${count}`, bytes, at: 1 });
    const all = await storage.quarantined(quarantineMax);
    expect([all.length, all[0]?.fact, all.at(-1)?.fact]).toEqual([fits, `f-${fits + 1}`, 'f-2']);
  }, 60_000);

  test('[ST1] values are kept under their keys', async () => {
    await storage.put('device/a', '1');
    await storage.put('device/b', '2');
    await storage.put('device/a', '3');
    await storage.put('devices', '4');
    await again();
    expect(await storage.get('device/a')).toBe('3');
    expect(await storage.get('nothing')).toBeUndefined();
    expect(await storage.entries('device/')).toEqual(new Map([['device/a', '3'], ['device/b', '2']]));
  });

  test('[ST17] values put together are kept together', async () => {
    await storage.put('person/a', '1');
    await storage.putAll(new Map([['person/a', '2'], ['person/b', '3'], ['audit/1', 'both']]));
    await storage.putAll(new Map());
    await again();
    expect(await storage.entries('')).toEqual(new Map([['audit/1', 'both'], ['person/a', '2'], ['person/b', '3']]));
  });

  const upload = (device = 'lidev', photo = photoNameOf(bytesOf('whole photo'))) => ({ community: 'shuangbai', photo, device });

  test('[PH6] parts of a photo outlast a restart, in order and without a gap, each tablet for itself', async () => {
    expect(await storage.photoParts(upload())).toHaveLength(0);
    await storage.addPhotoPart(upload(), 0, bytesOf('whole '), 1);
    await storage.addPhotoPart(upload('wudev'), 0, bytesOf('rubbish'), 1);
    for (const offset of [0, 5, 7]) await expect(storage.addPhotoPart(upload(), offset, bytesOf('x'), 2)).rejects.toMatchObject({ fault: 'conflict' });
    await again();
    await storage.addPhotoPart(upload(), 6, bytesOf('pho'), 2);
    expect(new TextDecoder().decode(await storage.photoParts(upload()))).toBe('whole pho');
    expect(new TextDecoder().decode(await storage.photoParts(upload('wudev')))).toBe('rubbish');
    await storage.dropPhotoParts(upload());
    expect(await storage.photoParts(upload())).toHaveLength(0);
  });

  test('[PH6] a photo is kept under its own name only, once, and takes its parts with it', async () => {
    const { community, photo } = upload();
    await storage.addPhotoPart(upload(), 0, bytesOf('whole '), 1);
    await expect(storage.keepPhoto(upload(), bytesOf('another'), 1)).rejects.toMatchObject({ fault: 'conflict' });
    expect(await storage.hasPhoto(upload())).toBe(false);
    await storage.keepPhoto(upload(), bytesOf('whole photo'), 2);
    await storage.keepPhoto(upload(), bytesOf('whole photo'), 3);
    await again();
    expect(Buffer.from((await storage.photo(upload())) ?? []).toString()).toBe('whole photo');
    expect(await storage.photos()).toEqual([{ community, photo }]);
    expect(await storage.photoBytes(community)).toBe(11);
    expect(await storage.photoParts(upload())).toHaveLength(0);
    expect(await storage.photo({ community: 'elsewhere', photo })).toBeUndefined();
    expect(await storage.photoBytes('elsewhere')).toBe(0);
  });

  test('[PH8] a photo that is removed is gone with its parts; the others stay', async () => {
    const other = photoNameOf(bytesOf('other'));
    await storage.keepPhoto(upload(), bytesOf('whole photo'), 1);
    await storage.keepPhoto(upload('lidev', other), bytesOf('other'), 1);
    await storage.removePhotos('elsewhere', [upload().photo]);
    await storage.removePhotos('shuangbai', [upload().photo]);
    await again();
    expect(await storage.photo(upload())).toBeUndefined();
    expect(await storage.photos()).toEqual([{ community: 'shuangbai', photo: other }]);
  });

  test('[PH9] a device has begun eight photos at most, and what nobody goes on with is dropped', async () => {
    const photos = Array.from({ length: photoUploadsMax + 1 }, (_, index) => photoNameOf(bytesOf(`photo ${index}`)));
    for (const [at, photo] of photos.entries()) await storage.addPhotoPart(upload('lidev', photo), 0, bytesOf('a'), at);
    await storage.addPhotoPart(upload('wudev'), 0, bytesOf('b'), 100);
    const sizes = async (): Promise<number[]> => Promise.all(photos.map(async (photo) => (await storage.photoParts(upload('lidev', photo))).byteLength));
    expect(await sizes()).toEqual([0, ...photos.slice(1).map(() => 1)]);
    await storage.dropStalePhotoParts(3);
    expect(await sizes()).toEqual([0, 0, 0, ...photos.slice(3).map(() => 1)]);
    expect(await storage.photoParts(upload('wudev'))).toHaveLength(1);
  });
}
