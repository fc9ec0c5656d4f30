/** What a failed IndexedDB write means to a person. */
import type { CommandError } from '../domain/kernel/command.ts';

/** Dexie wraps the browser's error; the quota one may sit inside an abort. */
export function storageError(error: unknown): Extract<CommandError, { type: 'StorageFull' | 'StorageBroken' }> {
  for (let cause: unknown = error; cause instanceof Error || cause instanceof DOMException; cause = innerOf(cause))
    if (cause.name === 'QuotaExceededError') return { type: 'StorageFull' };
  return { type: 'StorageBroken', detail: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
}

const innerOf = (error: Error | DOMException): unknown => ('inner' in error ? error.inner : error instanceof Error ? error.cause : undefined);
