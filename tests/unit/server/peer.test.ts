import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { createPeerOf } from '../../../server/http/peer.ts';
import { createSecurityHeaders } from '../../../server/http/securityHeaders.ts';

const request = (remoteAddress: string, headers: Readonly<Record<string, string>>, encrypted = false): IncomingMessage =>
  ({ socket: { remoteAddress, encrypted }, headers: { host: 'inner:8787', ...headers } }) as unknown as IncomingMessage;
const forwarded = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'linhuo.example' };

test('[TL3] without a named proxy nobody is believed about where they come from', () => {
  expect(createPeerOf([])(request('203.0.113.1', forwarded))).toEqual({ address: '203.0.113.1', secure: false, host: 'inner:8787' });
  expect(createPeerOf(['127.0.0.1'])(request('203.0.113.1', forwarded))).toEqual({ address: '203.0.113.1', secure: false, host: 'inner:8787' });
  expect(createPeerOf([])(request('203.0.113.1', {}, true)).secure).toBe(true);
});

test('[TL3] a named proxy is believed, in both ways of writing its address', () => {
  for (const remote of ['127.0.0.1', '::ffff:127.0.0.1']) expect(createPeerOf(['127.0.0.1'])(request(remote, forwarded))).toEqual({ address: '203.0.113.9', secure: true, host: 'linhuo.example' });
  expect(createPeerOf(['127.0.0.1'])(request('127.0.0.1', {}))).toEqual({ address: '127.0.0.1', secure: false, host: 'inner:8787' });
});

test('[TL3] what a tablet wrote into the header itself stands before what the proxies added, and is not believed', () => {
  const peer = createPeerOf(['127.0.0.1', '10.0.0.2'])(request('127.0.0.1', { 'x-forwarded-for': '8.8.8.8, 203.0.113.9, 10.0.0.2', 'x-forwarded-proto': 'https, http', 'x-forwarded-host': 'evil.example, linhuo.example' }));
  expect(peer).toEqual({ address: '203.0.113.9', secure: false, host: 'linhuo.example' });
});

const policyOf = (demo: boolean, host = 'linhuo.example', secure = true): Readonly<Record<string, string>> =>
  Object.fromEntries((createSecurityHeaders('<script>x</script>', demo)({ host, secure })['content-security-policy'] ?? '').split('; ').map((part) => [part.slice(0, part.indexOf(' ')), part.slice(part.indexOf(' ') + 1)]));

test('[TL4] the policy starts from nothing, and allows frames in demo mode only', () => {
  const real = policyOf(false);
  expect(real).toMatchObject({
    'default-src': "'none'", 'style-src': "'self'", 'img-src': "'self' blob: data:", 'connect-src': "'self' wss://linhuo.example", 'worker-src': "'self'", 'manifest-src': "'self'",
    'frame-src': "'none'", 'frame-ancestors': "'none'", 'base-uri': "'none'", 'form-action': "'self'", 'object-src': "'none'",
  });
  expect(real['script-src']).toMatch(/^'self' 'sha256-[A-Za-z0-9+/]{43}='$/);
  expect(policyOf(true)).toMatchObject({ 'frame-src': "'self'", 'frame-ancestors': "'self'" });
});

test('[TL4] a host that is none is not repeated in the policy', () => {
  for (const host of ['a; script-src *', 'a b', '', "x'y", 'a/b']) expect(policyOf(false, host)['connect-src'], host).toBe("'self'");
  for (const host of ['linhuo.example:8443', '127.0.0.1:1', '[::1]:8787']) expect(policyOf(false, host, false)['connect-src'], host).toBe(`'self' ws://${host}`);
});

test('[TL4] what came over TLS must come over TLS for a year; what did not is told nothing of it', () => {
  const headers = createSecurityHeaders(undefined, false);
  const [secure, plain] = [true, false].map((each) => headers({ host: 'a', secure: each })['strict-transport-security']);
  expect([secure, plain]).toEqual(['max-age=31536000', undefined]);
});
