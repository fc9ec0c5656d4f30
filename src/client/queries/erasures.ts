/** ER1 on this tablet: who was erased, by number. */
import { erasureId, type ErasureFields } from '../../domain/erasure/schema.ts';
import type { Live, Reader, Row } from '../../replica/contract.ts';

export const erasureOf = (reader: Reader, about: string): Live<Row<ErasureFields> | undefined> => reader.one<ErasureFields>('people', erasureId(about));

/** Newest first. */
export const erasures = (reader: Reader): Live<readonly Row<ErasureFields>[]> => reader.list<ErasureFields>('people', { kind: 'erasure' });
