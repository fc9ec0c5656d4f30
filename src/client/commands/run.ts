/** Commands, typed: `session.do('recordVisit', {...})` in the user's verbs, done once however often it is asked. */
import type { CommandName, InputOf } from '../../domain/commands.ts';
import type { CommandError } from '../../domain/kernel/command.ts';
import { err, type Result } from '../../domain/kernel/result.ts';
import type { ReplicaCalls, Saved } from '../../replica/contract.ts';

/** @param request names one act of a person's: pressed again, also after an answer that never came, it is still done once */
export type Run = <Name extends CommandName>(name: Name, input: InputOf<Name>, request?: string) => Promise<Result<Saved, CommandError>>;

/** Svelte's proxies cannot cross to the worker; what a command takes is plain JSON anyway. */
const plain = <T>(input: T): T => JSON.parse(JSON.stringify(input)) as T;

export const createRun =
  (calls: ReplicaCalls): Run =>
  async (name, input, request = crypto.randomUUID()) => {
    try {
      return await calls.run(request, name, plain(input));
    } catch (error) {
      // The worker is gone or could not open: the form keeps its content and says so.
      return err({ type: 'StorageBroken', detail: error instanceof Error ? error.message : String(error) });
    }
  };

/** Takes back what a command saved, newest first. */
export const undo = (run: Run, saved: Saved): Promise<Result<Saved, CommandError>> =>
  run('undo', { facts: saved.facts.map(({ fact, ref }) => ({ fact, ref })) });
