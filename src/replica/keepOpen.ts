/**
 * JN7 A database that the browser closed by itself is opened again as soon as that is possible: after a disk that was full,
 * storage that was cleared, a tablet that was long in the background. Until then whoever uses it is refused, and says so.
 */

/** The part of a Dexie database used here. */
interface Closable {
  isOpen(): boolean;
  open(): PromiseLike<unknown>;
  on(event: 'close', run: () => void): void;
}

const againMs = 2_000;

/**
 * @param opened called each time it is open again
 * @returns stops keeping it: call it before the database is closed on purpose
 */
export function keepOpen(database: Closable, opened: () => void = () => undefined): () => void {
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const later = (): void => {
    if (stopped) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      // Refused once more: the next try follows, and who is waiting for the database is told by it.
      if (!stopped) database.open().then(opened, later);
    }, againMs);
  };
  database.on('close', later);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
