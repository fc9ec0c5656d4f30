/** TL3: who asks, and how they got here. What a proxy says about it is believed only from the proxies the settings name. */
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';

export interface Peer {
  /** The address of the tablet, for limits. */
  readonly address: string;
  /** Nobody on the way could have read or changed it. */
  readonly secure: boolean;
  readonly host: string;
}

export type PeerOf = (request: IncomingMessage) => Peer;

/** `::ffff:127.0.0.1` is how a socket of both families writes an address of the old one. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/, '');
const words = (header: string | string[] | undefined): string[] => String(header ?? '').split(',').map((each) => each.trim()).filter((each) => each !== '');

export function createPeerOf(proxies: readonly string[]): PeerOf {
  const trusted = new Set(proxies.map(plainAddress));
  return ({ socket, headers }) => {
    const remote = plainAddress(socket.remoteAddress ?? '');
    const direct: Peer = { address: remote, secure: (socket as Partial<TLSSocket>).encrypted === true, host: headers.host ?? '' };
    if (!trusted.has(remote)) return direct;
    // Each proxy adds at the end; what stands before the last one we do not know, the tablet may have written itself.
    const address = words(headers['x-forwarded-for']).map(plainAddress).findLast((each) => !trusted.has(each));
    return {
      address: address ?? remote,
      secure: words(headers['x-forwarded-proto']).at(-1) === 'https',
      host: words(headers['x-forwarded-host']).at(-1) ?? direct.host,
    };
  };
}
