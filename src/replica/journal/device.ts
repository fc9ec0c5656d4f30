/** JN5. What this device is: its tag, its secret, and a counter that never gives the same fact id twice. */
import type { Value } from '../../domain/kernel/fact.ts';
import type { JournalDatabase } from './database.ts';

/** Fact ids of one session: each opening of the replica claims a block of this many, so a save costs no extra write. */
const blockSize = 1_048_576;

/** Kept with the update that ran ahead. */
export const lastSecondKey = 'second';

export interface Device {
  readonly tag: string;
  readonly secret: string;
  /** Which block of fact ids this session uses. */
  readonly block: number;
  /** PE2: the last second a volunteer's number was made from, where that ran ahead of the clock; -1 if it never did. */
  lastSecond: number;
  nextFactId(): string;
}

const randomHex = (bytes: number): string =>
  [...crypto.getRandomValues(new Uint8Array(bytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** 7 characters of base 32: with 10,000 devices the chance that two are alike is one in 700, and the server refuses the second. */
function randomTag(): string {
  const letters = 'abcdefghijkmnpqrstuvwxyz23456789';
  return [...crypto.getRandomValues(new Uint8Array(7))].map((byte) => letters[byte % 32]).join('');
}

/**
 * Makes the device on first use. The block is claimed durably before any id of it is handed out.
 * @param enrolled the tag under which the server knows this device; without one it makes its own
 */
export async function openDevice(database: JournalDatabase, enrolled?: string): Promise<Device> {
  const { tag, secret, block, lastSecond } = await database.transaction('rw', database.device, async () => {
    const stored = (await database.device.get('identity'))?.value as { tag: string; secret: string } | undefined;
    const identity = stored ?? { tag: enrolled ?? randomTag(), secret: randomHex(16) };
    if (enrolled !== undefined && identity.tag !== enrolled) throw new Error(`this journal is the device ${identity.tag}'s`);
    if (!stored) await database.device.put({ key: 'identity', value: identity });
    const next = (((await database.device.get('block'))?.value as number | undefined) ?? 0) + 1;
    await database.device.put({ key: 'block', value: next });
    const ahead = ((await database.device.get(lastSecondKey))?.value as number | undefined) ?? -1;
    return { ...identity, block: next, lastSecond: ahead };
  });
  let counter = 0;
  return {
    tag,
    secret,
    block,
    lastSecond,
    nextFactId() {
      if (counter === blockSize) throw new Error('fact id block used up: reopen the replica');
      counter += 1;
      return `${tag}-${(block * blockSize + counter - 1).toString(36)}`;
    },
  };
}

/** What `openDevice` finds here the next time. */
export const deviceRows = ({ tag, secret, block, lastSecond }: Device) => [
  { key: 'identity', value: { tag, secret } },
  { key: 'block', value: block },
  { key: lastSecondKey, value: lastSecond },
];

export const deviceValue = async (database: JournalDatabase, key: string): Promise<Value> =>
  (await database.device.get(`page:${key}`))?.value ?? null;

export const setDeviceValue = (database: JournalDatabase, key: string, value: Value): Promise<string> =>
  database.device.put({ key: `page:${key}`, value });
