/**
 * Which device owns which tag, and when it was last heard.
 *
 * - AU3 Whoever first shows a secret for a tag owns the tag; only the secret's hash is kept.
 * - AU16 A tag that is claimed again for the same seat is no write to the disk; the number of tags is bounded.
 * - AU4 The authority's own tags, and those of seeded facts, belong to nobody else.
 */
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { roles, type Role } from '../../src/domain/kernel/actor.ts';
import type { Contact } from '../../src/protocol/api.ts';
import type { Storage } from '../storage/contract.ts';

const deviceSchema = v.object({
  /** Hex sha256 of the secret; '' for a reserved tag. */
  secret: v.string(),
  community: v.string(),
  person: v.string(),
  role: v.picklist(roles),
  lastContactAt: v.number(),
});
type Device = v.InferOutput<typeof deviceSchema>;

const keyOf = (tag: string): string => `device/${tag}`;
const reservedKeyOf = (tag: string): string => `reserved-device/${tag}`;

export interface Holder {
  readonly community: string;
  readonly person: string;
  readonly role: Role;
}

/** `taken`: the tag belongs to another device; `full`: nobody gets a new one any more. */
export type Claimed = 'ok' | 'taken' | 'full';

/** Far more than a community has tablets; each is a hundred bytes in memory. */
export const devicesMax = 50_000;

export interface Devices {
  has(tag: string): boolean;
  claim(tag: string, secret: string, holder: Holder): Promise<Claimed>;
  isReserved(tag: string): boolean;
  reserve(tags: Iterable<string>): Promise<void>;
  /** The device was heard just now; kept in memory until the next `flush`. */
  heard(tag: string): void;
  /** It still is, as so often: known to whoever asks, and worth no write to the disk. */
  stillHeard(tag: string): void;
  /** @throws StorageError */
  flush(): Promise<void>;
  contacts(community: string): readonly Contact[];
}

export async function createDevices(storage: Storage, now: () => number): Promise<Devices> {
  const devices = new Map<string, Device>();
  for (const [key, value] of await storage.entries('device/')) devices.set(key.slice('device/'.length), v.parse(v.pipe(v.string(), v.parseJson(), deviceSchema), value));
  const reserved = new Set([...(await storage.entries('reserved-device/')).keys()].map((key) => key.slice('reserved-device/'.length)));
  const changed = new Set<string>();

  const save = (tag: string, device: Device): Promise<void> => storage.put(keyOf(tag), JSON.stringify(device));

  return {
    has: (tag) => devices.has(tag),
    async claim(tag, secret, { community, person, role }) {
      if (reserved.has(tag)) return 'taken';
      const hash = createHash('sha256').update(secret).digest('hex');
      const known = devices.get(tag);
      if (known && known.secret !== hash) return 'taken';
      if (!known && devices.size >= devicesMax) return 'full';
      if (known?.community === community && known.person === person && known.role === role) {
        known.lastContactAt = now();
        changed.add(tag);
        return 'ok';
      }
      const device: Device = { secret: hash, community, person, role, lastContactAt: now() };
      devices.set(tag, device);
      await save(tag, device);
      return 'ok';
    },
    isReserved: (tag) => reserved.has(tag),
    async reserve(tags) {
      for (const tag of tags) {
        if (reserved.has(tag)) continue;
        reserved.add(tag);
        await storage.put(reservedKeyOf(tag), '');
      }
    },
    heard(tag) {
      const device = devices.get(tag);
      if (!device) return;
      device.lastContactAt = now();
      changed.add(tag);
    },
    stillHeard(tag) {
      const device = devices.get(tag);
      if (device) device.lastContactAt = now();
    },
    async flush() {
      const tags = [...changed];
      changed.clear();
      for (const tag of tags) {
        const device = devices.get(tag);
        if (device) await save(tag, device);
      }
    },
    contacts: (community) =>
      [...devices]
        .filter(([, device]) => device.community === community)
        .map(([device, { person, role, lastContactAt }]) => ({ device, person, role, lastContactAt }))
        .sort((a, b) => b.lastContactAt - a.lastContactAt),
  };
}
