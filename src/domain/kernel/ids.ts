/**
 * Ids are made on the device, without a network. A free id sorts by time within its kind; a derived id is a plain
 * concatenation of what identifies the record, so two tablets that never met name it alike and anyone can check it.
 */
/** Base 36 of epoch ms has eight digits until 2059 and nine until 5188. */
const timeLength = 9;
const secondsEpochMs = Date.UTC(2026, 0, 1);

export interface IdSource {
  /** e.g. `vis_mbx3k2z1k7f3q1`: time in base 36, device tag, a counter within the millisecond. */
  newId(prefix: string): string;
  /** Whole seconds since 2026, each handed out once: whoever cannot see where the last one went needs no look. */
  newSecond(): number;
}

/** The second of an instant, as `newSecond` counts. */
export const secondAt = (at: number): number => Math.floor((at - secondsEpochMs) / 1000);

/**
 * @param deviceTag 4–8 characters of [a-z0-9], unique per enrolled device.
 * @param lastSecond the last one handed out before, as far as it may lie ahead of the clock
 */
export function createIdSource(deviceTag: string, now: () => number, lastSecond = -1): IdSource & { readonly lastSecond: number } {
  let lastMs = 0;
  let counter = 0;
  return {
    get lastSecond() {
      return lastSecond;
    },
    newId(prefix) {
      // A clock that jumps back must not make an id a second time.
      const ms = Math.max(now(), lastMs);
      counter = ms === lastMs ? counter + 1 : 0;
      lastMs = ms;
      return `${prefix}_${ms.toString(36).padStart(timeLength, '0')}${deviceTag}${counter.toString(36)}`;
    },
    newSecond() {
      lastSecond = Math.max(secondAt(now()), lastSecond + 1);
      return lastSecond;
    },
  };
}

/** What a volunteer's number and a certificate's serial begin with: two letters of the community. */
export const initialsOf = (community: string): string => community.replace(/[^a-z]/g, '').slice(0, 2).padEnd(2, 'x').toUpperCase();

/** The part after the kind's prefix. */
export const idTail = (id: string): string => id.slice(id.indexOf('_') + 1);

/** The instant a free id was made at, epoch ms. */
export const idTimeMs = (id: string): number => Number.parseInt(idTail(id).slice(0, timeLength), 36);

/** Whether `createIdSource` of this device can have made a free id. */
export const madeBy = (deviceTag: string, id: string): boolean => idTail(id).startsWith(deviceTag, timeLength);
