/** The worker's entry: wires a Host to the page that started it. */
import { Host } from './host.ts';
import type { Call } from './rpc.ts';

/** The part of a dedicated worker's scope used here; the full library cannot stand beside the page's in one program. */
interface WorkerScope {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent<Call>) => void) | null;
}
const scope = globalThis as unknown as WorkerScope;

const host = new Host((message) => scope.postMessage(message));
scope.onmessage = (event) => void host.take(event.data);
