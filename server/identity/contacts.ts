/**
 * What is known of a device by hearing it: when, what it still holds, which rooms it has. Written at each flush, not at each
 * request, and apart from the registry's own records.
 *
 * - IR8 The rooms a device opened or fetched are kept with the last time: what a lost tablet held can be said.
 */
import type { Device } from '../../src/protocol/identity.ts';
import type { Storage } from '../storage/contract.ts';
import { contactSchema, parseStored, prefixes } from './records.ts';

/** More than a supervisor's tablet opens in years; beyond it the longest unused are forgotten. */
const roomsMax = 2_000;

export interface Contacts {
  heard(tag: string): void;
  stillHeard(tag: string): void;
  opened(tag: string, room: string): void;
  holds(tag: string, unsent: Device['unsent']): void;
  of(tag: string): Pick<Device, 'lastContactAt' | 'unsent' | 'rooms'>;
  /** @throws StorageError; what could not be kept is kept by the next one */
  flush(): Promise<void>;
}

interface Contact {
  lastContactAt: number;
  unsent: Device['unsent'];
  readonly rooms: Map<string, number>;
}

export async function openContacts(storage: Storage, now: () => number): Promise<Contacts> {
  const contacts = new Map<string, Contact>();
  for (const [key, value] of await storage.entries(prefixes.contacts)) {
    const { lastContactAt, unsent, rooms } = parseStored(contactSchema, value);
    contacts.set(key.slice(prefixes.contacts.length), { lastContactAt, unsent, rooms: new Map(rooms) });
  }
  const changed = new Set<string>();

  function contactOf(tag: string): Contact {
    const known = contacts.get(tag) ?? { lastContactAt: 0, unsent: { saved: 0, refused: 0 }, rooms: new Map<string, number>() };
    contacts.set(tag, known);
    return known;
  }
  function heard(tag: string): Contact {
    const contact = contactOf(tag);
    contact.lastContactAt = now();
    changed.add(tag);
    return contact;
  }

  return {
    heard: (tag) => void heard(tag),
    stillHeard(tag) {
      contactOf(tag).lastContactAt = now();
    },
    opened(tag, room) {
      const { rooms } = heard(tag);
      // Set anew, so that the order of the map is that of the last use.
      rooms.delete(room);
      rooms.set(room, now());
      const [oldest] = rooms.keys();
      if (rooms.size > roomsMax && oldest !== undefined) rooms.delete(oldest);
    },
    holds(tag, unsent) {
      heard(tag).unsent = unsent;
    },
    of(tag) {
      const { lastContactAt, unsent, rooms } = contacts.get(tag) ?? { lastContactAt: 0, unsent: { saved: 0, refused: 0 }, rooms: new Map<string, number>() };
      return { lastContactAt, unsent, rooms: [...rooms].map(([room, at]) => ({ room, at })) };
    },
    async flush() {
      const tags = [...changed];
      if (tags.length === 0) return;
      changed.clear();
      try {
        await storage.putAll(new Map(tags.map((tag) => {
          const { lastContactAt, unsent, rooms } = contactOf(tag);
          return [prefixes.contacts + tag, JSON.stringify({ lastContactAt, unsent, rooms: [...rooms] })];
        })));
      } catch (error) {
        for (const tag of tags) changed.add(tag);
        throw error;
      }
    },
  };
}
