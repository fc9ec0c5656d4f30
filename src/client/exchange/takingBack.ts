/** IM15 A whole import is looked at and taken back: the replica decides, once however often it is asked. */
import type { TakeBackImport } from '../../domain/exchange/inputs.ts';
import type { IntakeFields } from '../../domain/exchange/schema.ts';
import type { ForeseenTakingBack } from '../../domain/exchange/takingBack.ts';
import type { CommandError } from '../../domain/kernel/command.ts';
import type { Result } from '../../domain/kernel/result.ts';
import type { Live, ReplicaCalls, Row, WorkDone } from '../../replica/contract.ts';
import { refOf } from '../queries/ref.ts';

type Calls = Pick<ReplicaCalls, 'foreseeTakingBack' | 'takeBackImport'>;

const inputOf = (row: Row<IntakeFields>): TakeBackImport => {
  const { list, grids, groups } = row.fields;
  return { ref: refOf(row), list, grids, groups };
};

export const foreseeTakingBack = (calls: Calls, row: Row<IntakeFields>): Promise<Result<ForeseenTakingBack, CommandError>> => calls.foreseeTakingBack(inputOf(row));

/** @param told how far it is (IM13) */
export function takeBack({ calls, work }: { readonly calls: Calls; readonly work: Live<WorkDone> }, row: Row<IntakeFields>, told: (work: WorkDone) => void): Promise<Result<{ readonly facts: number }, CommandError>> {
  const request = crypto.randomUUID();
  const deaf = work.subscribe((each) => each.request === request && told(each));
  return calls.takeBackImport(request, inputOf(row)).finally(deaf);
}
