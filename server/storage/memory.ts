/** The storage contract without a disk: for `LINHUO_DATA=:memory:` and for tests. Nothing outlives the process. */
import { chainNext, chainStart, photoNameOf, sameBytes } from './chain.ts';
import {
  keepsEverything, photoUploadsMax, quarantineMax, quarantineMaxBytes, retiredTag, StorageError, wholeTag,
  type PhotoKey, type PhotoUpload, type QuarantinedUpdate, type RoomAppend, type Storage, type StoredRoom,
} from './contract.ts';

interface Kept {
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
}

interface MemoryRoom {
  head: number;
  snapshot: Uint8Array | undefined;
  /** The chain's value at the snapshot, or its start. */
  base: Uint8Array;
  tail: Kept[];
  archive: Kept[];
  clients: Map<number, string>;
}

interface MemoryUpload {
  readonly upload: PhotoUpload;
  bytes: Uint8Array;
  at: number;
}

const copy = (bytes: Uint8Array): Uint8Array => Uint8Array.from(bytes);

export function openMemoryStorage(): Storage {
  const rooms = new Map<string, MemoryRoom>();
  const meta = new Map<string, string>();
  const refused: QuarantinedUpdate[] = [];
  const photos = new Map<string, { readonly key: PhotoKey; readonly bytes: Uint8Array }>();
  const uploads = new Map<string, MemoryUpload>();
  const photoKey = ({ community, photo }: PhotoKey): string => `${community}/${photo}`;
  const uploadKey = (upload: PhotoUpload): string => `${photoKey(upload)}/${upload.device}`;
  let open = true;

  function alive(): void {
    if (!open) throw new StorageError('broken', 'The storage is closed.');
  }

  function roomNamed(name: string): MemoryRoom {
    const known = rooms.get(name);
    if (known) return known;
    const made: MemoryRoom = { head: 0, snapshot: undefined, base: chainStart(name), tail: [], archive: [], clients: new Map() };
    rooms.set(name, made);
    return made;
  }

  return {
    async openRoom(name): Promise<StoredRoom> {
      alive();
      const room = rooms.get(name);
      if (!room) return { head: 0, snapshot: undefined, tail: [], clients: new Map() };
      return { head: room.head, snapshot: room.snapshot, tail: room.tail.map((kept) => kept.bytes), clients: new Map(room.clients) };
    },

    async append(batch: readonly RoomAppend[]) {
      alive();
      for (const { room, after } of batch) {
        const head = rooms.get(room)?.head ?? 0;
        if (head !== after) throw new StorageError('conflict', `${room} stands at ${head}, not at ${after}.`);
      }
      for (const { room: name, updates, clients } of batch) {
        const room = roomNamed(name);
        let hash = room.tail.at(-1)?.hash ?? room.base;
        for (const { bytes } of updates) {
          hash = chainNext(hash, bytes);
          room.tail.push({ bytes: copy(bytes), hash });
        }
        room.head += updates.length;
        for (const [client, device] of clients) room.clients.set(client, device);
      }
    },

    async compact(name, snapshot, upTo) {
      alive();
      const room = roomNamed(name);
      const covered = upTo - (room.head - room.tail.length);
      if (covered < 0 || upTo > room.head) throw new StorageError('conflict', `${name} can't be compacted at ${upTo}.`);
      const gone = room.tail.splice(0, covered);
      room.base = gone.at(-1)?.hash ?? room.base;
      if (keepsEverything(name)) room.archive.push(...gone);
      room.snapshot = copy(snapshot);
    },

    async rebase({ room: name, after, snapshot, client }) {
      alive();
      const room = rooms.get(name);
      if (room?.head !== after || keepsEverything(name)) throw new StorageError('conflict', `${name} can't be made anew at ${after}.`);
      room.base = chainNext(room.tail.at(-1)?.hash ?? room.base, snapshot);
      room.tail = [];
      room.snapshot = copy(snapshot);
      room.head += 1;
      room.clients = new Map([...[...room.clients.keys()].map((each) => [each, retiredTag] as const), [client, wholeTag]]);
      refused.splice(0, refused.length, ...refused.filter((each) => each.room !== name));
    },

    async heads(prefix) {
      alive();
      return [...rooms]
        .filter(([name, room]) => name.startsWith(prefix) && room.head > 0)
        .map(([room, { head }]) => ({ room, head }))
        .sort((a, b) => (a.room < b.room ? -1 : 1));
    },

    async audit(name) {
      alive();
      const room = rooms.get(name);
      if (!room) return 0;
      const kept = [...room.archive, ...room.tail];
      let hash = room.archive.length > 0 ? chainStart(name) : room.base;
      for (const [index, { bytes, hash: expected }] of kept.entries()) {
        hash = chainNext(hash, bytes);
        if (!sameBytes(hash, expected)) throw new StorageError('damaged', `${name} breaks its chain at update ${index + 1}.`);
      }
      return kept.length;
    },

    async quarantine(entry) {
      alive();
      refused.push({ ...entry, bytes: copy(entry.bytes) });
      const bytes = (): number => refused.reduce((sum, each) => sum + each.bytes.byteLength, 0);
      while (refused.length > quarantineMax || bytes() > quarantineMaxBytes) refused.shift();
    },

    async quarantined(limit) {
      alive();
      return refused.slice(-limit).reverse();
    },

    async get(key) {
      alive();
      return meta.get(key);
    },

    async put(key, value) {
      alive();
      meta.set(key, value);
    },

    async putAll(entries) {
      alive();
      for (const [key, value] of entries) meta.set(key, value);
    },

    async entries(prefix) {
      alive();
      return new Map([...meta].filter(([key]) => key.startsWith(prefix)));
    },

    async photoParts(upload) {
      alive();
      return copy(uploads.get(uploadKey(upload))?.bytes ?? new Uint8Array());
    },

    async addPhotoPart(upload, offset, bytes, at) {
      alive();
      const known = uploads.get(uploadKey(upload)) ?? { upload, bytes: new Uint8Array(), at };
      if (known.bytes.byteLength !== offset) throw new StorageError('conflict', `The photo stands at ${known.bytes.byteLength}, not at ${offset}.`);
      uploads.delete(uploadKey(upload));
      uploads.set(uploadKey(upload), { upload, bytes: Uint8Array.from([...known.bytes, ...bytes]), at });
      const own = [...uploads].filter(([, each]) => each.upload.device === upload.device);
      for (const [key] of own.slice(0, -photoUploadsMax)) uploads.delete(key);
    },

    async dropPhotoParts(upload) {
      alive();
      uploads.delete(uploadKey(upload));
    },

    async keepPhoto({ community, photo }, bytes) {
      alive();
      if (photoNameOf(bytes) !== photo) throw new StorageError('conflict', `A photo is not ${photo}.`);
      photos.set(photoKey({ community, photo }), { key: { community, photo }, bytes: copy(bytes) });
      for (const [key, { upload }] of [...uploads]) if (upload.community === community && upload.photo === photo) uploads.delete(key);
    },

    async hasPhoto(key) {
      alive();
      return photos.has(photoKey(key));
    },

    async photo(key) {
      alive();
      return photos.get(photoKey(key))?.bytes;
    },

    async photos() {
      alive();
      return [...photos.values()].map(({ key }) => key);
    },

    async photoBytes(community) {
      alive();
      return [...photos.values()].reduce((sum, { key, bytes }) => sum + (key.community === community ? bytes.byteLength : 0), 0);
    },

    async removePhotos(community, names) {
      alive();
      for (const photo of names) photos.delete(photoKey({ community, photo }));
      for (const [key, { upload }] of [...uploads]) if (upload.community === community && names.includes(upload.photo)) uploads.delete(key);
    },

    async dropStalePhotoParts(before) {
      alive();
      for (const [key, { at }] of [...uploads]) if (at < before) uploads.delete(key);
    },

    async close() {
      open = false;
    },
  };
}
