/** What SQLite says went wrong, as the faults of the storage contract. */
import { StorageError, type StorageFault } from './contract.ts';

/** Primary result codes; extended ones carry them in their low byte. */
const codes = { error: 1, busy: 5, locked: 6, ioError: 10, corrupt: 11, full: 13, notADatabase: 26 } as const;
/** `SQLITE_IOERR_READ` and `SQLITE_IOERR_SHORT_READ`. */
const readErrors: ReadonlySet<number> = new Set([codes.ioError | (1 << 8), codes.ioError | (2 << 8)]);

const codeOf = (error: unknown): number => (error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0);

function faultOf(code: number): StorageFault {
  const primary = code & 0xff;
  if (primary === codes.busy || primary === codes.locked) return 'locked';
  if (primary === codes.full) return 'full';
  // Our statements are always the same: one that names what is not there stands before a schema that was changed.
  if (primary === codes.error || primary === codes.corrupt || primary === codes.notADatabase) return 'damaged';
  return 'broken';
}

export function failure(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  return new StorageError(faultOf(codeOf(error)), error instanceof Error ? error.message : String(error), { cause: error });
}

/**
 * Nothing was being written: a place that can not be read is damage to what stands there, and says nothing about the rest.
 * An error that is not SQLite's comes from a row whose values have another type than what was stored.
 */
export function readFailure(error: unknown, what: string): StorageError {
  const fault = failure(error);
  const code = codeOf(error);
  if (fault === error || !(fault.fault === 'damaged' || readErrors.has(code) || code === 0)) return fault;
  return new StorageError('damaged', `${what} can not be read (${fault.message}); it stays closed until it is restored.`, { cause: error });
}
