/** IM14 What was imported lately, for whoever may take it back (IM15). */
import type { IntakeFields } from '../../domain/exchange/schema.ts';
import { takeBackDays } from '../../domain/exchange/takingBack.ts';
import { isSupervisor, type Actor } from '../../domain/kernel/actor.ts';
import { dayMs } from '../../domain/kernel/time.ts';
import type { Live, Reader, Row } from '../../replica/contract.ts';
import { map } from './live.ts';

/** Newest first. */
export const importsToTakeBack = (reader: Reader, actor: Actor, now: number): Live<readonly Row<IntakeFields>[]> =>
  map(reader.list<IntakeFields>('log', { kind: 'intake' }), (rows) =>
    rows.filter(({ bornAt, changedBy }) => bornAt > now - takeBackDays * dayMs && (isSupervisor(actor) || changedBy === actor.person)),
  );

export const oneImport = (reader: Reader, id: string): Live<Row<IntakeFields> | undefined> => reader.one<IntakeFields>('log', id);
