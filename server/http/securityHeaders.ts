/**
 * Headers on every answer.
 *
 * - SR23 Only scripts of this origin run, and the inline ones that stand in the built shell, by their hash.
 * - TL4 Nothing of another origin is loaded, nothing is framed outside demo mode, and what came over TLS comes over TLS for a year.
 */
import { createHash } from 'node:crypto';
import type { Peer } from './peer.ts';

export function inlineScriptHashes(html: string): string[] {
  return [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
}

/** Older browsers do not count a socket as `'self'`, so it is named. What is no host is not repeated. */
const socketsOf = ({ host, secure }: Pick<Peer, 'host' | 'secure'>): string => (/^[a-zA-Z0-9.-]+(:\d+)?$|^\[[0-9a-fA-F:]+\](:\d+)?$/.test(host) ? ` ${secure ? 'wss' : 'ws'}://${host}` : '');

export type HeadersFor = (peer: Pick<Peer, 'host' | 'secure'>) => Readonly<Record<string, string>>;

/** @param demo the demo page shows three tablets of this origin side by side, in frames */
export function createSecurityHeaders(shell: string | undefined, demo: boolean): HeadersFor {
  const scripts = ["script-src 'self'", ...inlineScriptHashes(shell ?? '')].join(' ');
  const framing = demo ? ["frame-src 'self'", "frame-ancestors 'self'"] : ["frame-src 'none'", "frame-ancestors 'none'"];
  return (peer) => ({
    'content-security-policy': [
      "default-src 'none'",
      scripts,
      "style-src 'self'",
      // SvelteKit hides its announcer for screen readers with a style attribute.
      "style-src-attr 'unsafe-inline'",
      "img-src 'self' blob: data:",
      "font-src 'self'",
      `connect-src 'self'${socketsOf(peer)}`,
      "worker-src 'self'",
      "manifest-src 'self'",
      ...framing,
      "base-uri 'none'",
      "form-action 'self'",
      "object-src 'none'",
    ].join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    // The camera is for the codes of invitations and of volunteers' cards.
    'permissions-policy': 'camera=(self), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=(), midi=(), display-capture=()',
    ...(peer.secure && { 'strict-transport-security': 'max-age=31536000' }),
  });
}
