/**
 * A room is the unit of sync, of permission and of confidentiality. Here it is an address; its name on the wire
 * is made by `protocol/roomName.ts`.
 */
export const roomFamilies = ['roster', 'people', 'members', 'visits', 'log', 'ledger', 'claims'] as const;
export type RoomFamily = (typeof roomFamilies)[number];

export interface RoomAddress {
  readonly community: string;
  readonly family: RoomFamily;
  readonly grid?: string;
  readonly partner?: string;
  /** `YYYY-MM`. */
  readonly month?: string;
}

/** Which parts an address of a family has besides the community. */
export const shardOf: Readonly<Record<RoomFamily, readonly ('grid' | 'partner' | 'month')[]>> = {
  roster: [],
  people: ['grid'],
  members: ['partner'],
  visits: ['grid', 'month'],
  log: ['month'],
  ledger: ['month'],
  claims: ['month'],
};

export const sameRoom = (a: RoomAddress, b: RoomAddress): boolean =>
  a.community === b.community && a.family === b.family && a.grid === b.grid && a.partner === b.partner && a.month === b.month;
