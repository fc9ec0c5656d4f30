/** The worker's entry: files are read and written here, so that the screen never waits for thousands of rows. */
import type { ExchangeCall, ExchangeMessage, Progress } from './contract.ts';
import { createExchange } from './exchange.ts';

/** The part of a dedicated worker's scope used here; the full library cannot stand beside the page's in one program. */
interface WorkerScope {
  postMessage(message: ExchangeMessage): void;
  onmessage: ((event: MessageEvent<ExchangeCall>) => void) | null;
}
const scope = globalThis as unknown as WorkerScope;
const exchange = createExchange();

async function answer({ id, name, args }: ExchangeCall): Promise<ExchangeMessage> {
  const progress: Progress = (done, total) => scope.postMessage({ type: 'progress', id, done, total });
  try {
    const method = exchange[name] as (progress: Progress, ...args: readonly unknown[]) => Promise<unknown>;
    return { type: 'done', id, value: await method.call(exchange, progress, ...args) };
  } catch (error) {
    return { type: 'failed', id, reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

scope.onmessage = ({ data }) => void answer(data).then((message) => scope.postMessage(message));
