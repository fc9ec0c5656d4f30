/** The page's door to the worker that reads and writes files. It is started when the first file is touched, and ends with its screen. */
import type { ExchangeCall, ExchangeCalls, ExchangeMessage, Progress } from './contract.ts';

export interface OpenedExchange {
  readonly calls: ExchangeCalls;
  close(): void;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export function openExchange(progress: Progress = () => undefined): OpenedExchange {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'linhuo-exchange' });
  const waiting = new Map<number, Waiting>();
  let next = 0;
  worker.onmessage = ({ data }: MessageEvent<ExchangeMessage>) => {
    if (data.type === 'progress') {
      progress(data.done, data.total);
      return;
    }
    const call = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.type === 'failed') call?.reject(new Error(data.reason));
    else call?.resolve(data.value);
  };
  worker.onerror = ({ message }) => {
    for (const call of waiting.values()) call.reject(new Error(message));
    waiting.clear();
  };
  const ask = (name: ExchangeCall['name'], args: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      waiting.set(next, { resolve, reject });
      worker.postMessage({ id: next, name, args } satisfies ExchangeCall);
      next += 1;
    });
  return {
    calls: {
      open: (...args) => ask('open', args) as ReturnType<ExchangeCalls['open']>,
      check: (...args) => ask('check', args) as ReturnType<ExchangeCalls['check']>,
      write: (...args) => ask('write', args) as ReturnType<ExchangeCalls['write']>,
    },
    close: () => worker.terminate(),
  };
}
