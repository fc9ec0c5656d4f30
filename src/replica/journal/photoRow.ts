/** A photo and the records that name it. */
import type { PhotoRow } from './database.ts';

export type Naming = PhotoRow['named'][number];

export const withNaming = (row: PhotoRow, { room, record }: Naming): PhotoRow =>
  row.named.some((each) => each.room === room && each.record === record) ? row : { ...row, named: [...row.named, { room, record }] };
