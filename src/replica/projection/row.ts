/** A folded record as the row that screens query. Pure. */
import type { Folded } from '../../domain/kernel/fold.ts';
import type { Kind } from '../../domain/kernel/kind.ts';
import type { Row } from '../contract.ts';

/** Storage walks an index forward only, so newest first needs a key that shrinks as time grows. */
const orderBase = 4_000_000_000_000_000;
export const invertedOrder = (value: number): string => String(orderBase - Math.round(value)).padStart(16, '0');

export function toRow(kind: Kind, room: string, folded: Folded): Row {
  const { fields } = folded;
  return {
    id: folded.record,
    kind: kind.name,
    room,
    parent: kind.parent?.(fields) ?? '',
    holder: kind.holder?.(fields) ?? '',
    order: invertedOrder(kind.order?.(fields) ?? folded.bornAt),
    fields,
    clashes: folded.clashes,
    bornAt: folded.bornAt,
    changedAt: folded.changedAt,
    changedBy: folded.changedBy,
  };
}
