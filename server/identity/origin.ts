/** AU7: pages of this server's own origin and of those the settings name; nobody else's. */
import type { IncomingMessage } from 'node:http';

/** A program that is no browser sends no origin; it could send any. */
export function fromAllowedOrigin(request: IncomingMessage, origins: readonly string[]): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined || origins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
