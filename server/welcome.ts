/** IE8: what the terminal says while nobody has joined: the first supervisor's link, as text and as a QR code. */
import { renderUnicodeCompact } from 'uqr';
import type { FirstInvitation } from './identity/firstRun.ts';

/** @param origin where tablets reach this server */
export function welcomeOf({ code, communityName, expiresAt }: FirstInvitation, origin: string): string {
  const link = `${origin}/join#${code}`;
  const until = new Date(expiresAt).toLocaleString('sv-SE', { timeZone: 'Asia/Shanghai' }).slice(0, 16);
  return [
    `  Nobody works here yet. Whoever opens this link first becomes the supervisor of ${communityName} (once, until ${until} in Beijing):`,
    `  ${link}`,
    '',
    renderUnicodeCompact(link, { border: 2 }),
  ].join('\n');
}
