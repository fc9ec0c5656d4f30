/**
 * The projection's collections. At most 12: the free build of RxDB allows 13 open per realm and slows down before.
 * Validation happens at our own border (domain/check), so the schemas only say what is indexed.
 */
import type { RxJsonSchema } from 'rxdb';
import type { RoomFamily } from '../../domain/kernel/room.ts';
import type { ArrivalRow, ClashRow, ContactRow, LikelyRow, PendingRow, RollupRow, Row } from '../contract.ts';

const id = { type: 'string', maxLength: 128 } as const;
const short = { type: 'string', maxLength: 24 } as const;
const time = { type: 'number' } as const;
const object = { type: 'object' } as const;
const list = { type: 'array' } as const;

type Index = readonly ['kind', 'order'] | readonly ['kind', 'parent', 'order'] | readonly ['kind', 'holder', 'order'];
const byOrder = ['kind', 'order'] as const;
const byParent = ['kind', 'parent', 'order'] as const;
const byHolder = ['kind', 'holder', 'order'] as const;

/**
 * SL3. The columns of each collection that say what people wrote; on an enrolled tablet they are sealed. What lists are
 * walked by stays clear: ids, kinds, rooms, parents, holders, orders, times, authors.
 */
export const sealedColumns = (collection: string): readonly string[] => (collection in indexesByFamily ? ['fields', 'clashes'] : (sealedSides[collection] ?? []));
const sealedSides: Readonly<Record<string, readonly string[]>> = { rollups: ['tallies', 'latest'], clashes: ['fields', 'clashes'] };

/** Families whose rows lie together: a collection more would be one too many, and both are walked by grant and by volunteer. */
export type RowsName = Exclude<RoomFamily, 'claims'>;
export const rowsOf = (family: RoomFamily): RowsName => (family === 'claims' ? 'ledger' : family);

/** Each index costs every write, so a collection has only those its screens walk. */
export const indexesByFamily: Readonly<Record<RowsName, readonly Index[]>> = {
  roster: [byOrder, byParent],
  people: [byOrder, byParent, byHolder],
  members: [byParent],
  visits: [byParent, byHolder],
  log: [byOrder, byParent, byHolder],
  ledger: [byParent, byHolder],
};

export const rowSchema = (name: RowsName): RxJsonSchema<Row> =>
  ({
    version: 0,
    primaryKey: 'id',
    type: 'object',
    properties: {
      id, kind: short, room: { type: 'string', maxLength: 160 }, parent: id, holder: id, order: { type: 'string', maxLength: 16 },
      fields: object, clashes: list, bornAt: time, changedAt: time, changedBy: { type: 'string' },
    },
    required: ['id', 'kind', 'room', 'parent', 'holder', 'order', 'fields', 'clashes', 'bornAt', 'changedAt', 'changedBy'],
    indexes: indexesByFamily[name].map((index) => [...index]),
  }) as unknown as RxJsonSchema<Row>;

const plain = <T>(properties: object, indexes: readonly string[] = []): RxJsonSchema<T> =>
  ({ version: 0, primaryKey: 'id', type: 'object', properties: { id: { type: 'string', maxLength: 200 }, ...properties }, required: ['id', ...indexes], indexes }) as unknown as RxJsonSchema<T>;

const instant = { type: 'number', minimum: 0, maximum: 9_000_000_000_000, multipleOf: 1 } as const;

export interface SideRows {
  rollups: RollupRow & { readonly seq: number };
  pending: PendingRow;
  clashes: ClashRow;
  arrivals: ArrivalRow;
  contacts: ContactRow;
  likely: LikelyRow & { readonly seq: number };
}
export type SideName = keyof SideRows;

export const sideSchemas: { readonly [Name in SideName]: RxJsonSchema<SideRows[Name]> } = {
  rollups: plain({ family: short, month: short, seq: time, tallies: object, latest: object }, ['family']),
  pending: plain({ room: { type: 'string' }, kind: short, state: short, reason: { type: 'string' }, facts: time, since: time }),
  clashes: plain({ room: { type: 'string' }, family: short, kind: short, fields: object, clashes: list, changedAt: time }),
  arrivals: plain({ device: short, by: { type: 'string' }, arrivedAt: instant, born: object, changed: object }, ['arrivedAt']),
  contacts: plain({ device: short, person: { type: 'string' }, role: { type: 'string' }, lastContactAt: time }),
  likely: plain({ room: { type: 'string' }, kind: short, one: { type: 'string' }, other: { type: 'string' }, score: time, reasons: list, foundAt: time, seq: time }),
};
