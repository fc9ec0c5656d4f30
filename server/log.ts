/** One line of JSON per event on standard error. No ticket, no secret and no fact ever stands in it. */
export interface Log {
  info(event: string, details?: Readonly<Record<string, unknown>>): void;
  error(event: string, details?: Readonly<Record<string, unknown>>): void;
}

const write = (level: 'INFO' | 'ERROR', event: string, details: Readonly<Record<string, unknown>> = {}): void => {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), level, event, ...details })}\n`);
};

export const standardLog: Log = {
  info: (event, details) => write('INFO', event, details),
  error: (event, details) => write('ERROR', event, details),
};

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
