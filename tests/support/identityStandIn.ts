/**
 * The server's half of identity, small: the contract of src/protocol/identity.ts with real HTTP and real signatures, and
 * nothing of rooms. For what a test has to do to the server that the real one does only after days.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as v from 'valibot';
import type { EndReason } from '../../src/keys/seat.ts';
import {
  handoverSchema, joinRequestSchema, keyProofSchema, proofText, seatKeyProofSchema, seatKeyText,
  type Handover, type KeyProof, type PublicKey, type ProofPurpose, type SeatKeyProof,
} from '../../src/protocol/identity.ts';

interface StoodInDevice {
  readonly key: PublicKey;
  seatKey: PublicKey | undefined;
  readonly half: string;
  readonly recovery: string;
  confirmed: boolean;
  refused: boolean;
  newPinAllowed: boolean;
  wiped: boolean;
  ended: EndReason | undefined;
  unsent: KeyProof['unsent'];
}

export const code = 'ABCDEFGH2345';
const person = {
  person: 'per_li', name: '李', role: 'gridWorker', community: 'shuangbai', communityName: '双柏社区', grids: ['g1'], partners: [],
};

async function isSigned(text: string, signature: string, key: PublicKey): Promise<boolean> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const publicKey = await crypto.subtle.importKey('jwk', { kty: 'EC', crv: 'P-256', ...key }, algorithm, false, ['verify']);
  return crypto.subtle.verify(algorithm, publicKey, Buffer.from(signature, 'base64url'), Buffer.from(text));
}

export class IdentityStandIn {
  readonly devices = new Map<string, StoodInDevice>();
  readonly handed: Handover['facts'][] = [];
  readonly asked: string[] = [];
  /** Tag and key of each tablet that tried to join. */
  readonly shown: string[] = [];
  /** Each time a key behind a PIN was made known. */
  readonly seatKeys: string[] = [];
  /** What tries for a PIN called themselves; nothing where the PIN is set. */
  readonly attempts: (string | undefined)[] = [];
  /** How long a half may be used. */
  halfMs = 30 * 86_400_000;
  /** How long a ticket holds: with 0 each try asks for another. */
  ticketMs = 600_000;
  /** Invitations need a comparison of digits, or none. */
  confirms = true;
  /** The next answer to a joining tablet does not arrive. */
  losesAnswer = false;
  /** Of the ids handed over, those that get no place on the disk. */
  drops = new Set<string>();
  readonly #nonces = new Set<string>();
  readonly #server = createServer((request, response) => {
    this.#answer(request).then(
      ({ status, body }) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      () => response.writeHead(500).end(),
    );
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  get only(): StoodInDevice {
    const [device] = this.devices.values();
    if (!device) throw new Error('nobody has joined');
    return device;
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const path = request.url ?? '';
    this.asked.push(path);
    if (path === '/api/challenge') {
      const nonce = randomBytes(16).toString('hex');
      this.#nonces.add(nonce);
      return { status: 200, body: { nonce } };
    }
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body: unknown = JSON.parse(Buffer.concat(parts).toString() || 'null');
    if (path === '/api/join') return this.#join(body);
    const purposes: Readonly<Record<string, ProofPurpose>> = {
      '/api/join/state': 'join', '/api/tickets': 'ticket', '/api/recovery': 'recovery', '/api/wiped': 'wiped', '/api/handover': 'handover',
      '/api/check-in': 'check-in', '/api/seat-key': 'seat-key',
    };
    const purpose = purposes[path];
    if (!purpose) return { status: 404, body: {} };
    if (purpose === 'seat-key') return this.#knowSeatKey(v.parse(seatKeyProofSchema, body));
    const proof = v.parse(purpose === 'handover' ? handoverSchema : keyProofSchema, body) as KeyProof;
    const device = this.devices.get(proof.device);
    if (!device) return { status: 403, body: { error: 'unknown' } };
    if (!this.#nonces.delete(proof.nonce)) return { status: 403, body: { error: 'unproved' } };
    const text = proofText(purpose, proof.nonce, proof.device);
    const isForOpened = purpose === 'ticket' || purpose === 'handover';
    if (await isSigned(text, proof.signature, (isForOpened && device.seatKey) || device.key)) return this.#serve(purpose, device, proof, body);
    return { status: 403, body: { error: (await isSigned(text, proof.signature, device.key)) ? 'locked' : 'unproved' } };
  }

  async #knowSeatKey({ device: tag, nonce, signature, key, seatSignature }: SeatKeyProof): Promise<{ status: number; body: unknown }> {
    const device = this.devices.get(tag);
    if (!device || !this.#nonces.delete(nonce)) return { status: 403, body: { error: 'unknown' } };
    const text = seatKeyText(nonce, tag, key);
    if (!(await isSigned(text, signature, device.key)) || !(await isSigned(text, seatSignature, key))) return { status: 403, body: { error: 'unproved' } };
    if (device.seatKey && device.seatKey.x !== key.x) return { status: 409, body: { error: 'taken' } };
    device.seatKey = key;
    this.seatKeys.push(key.x);
    return { status: 200, body: {} };
  }

  #join(body: unknown): { status: number; body: unknown } {
    const { code: shown, device, key } = v.parse(joinRequestSchema, body);
    this.shown.push(`${device} ${key.x}`);
    if (shown !== code) return { status: 403, body: { error: 'code' } };
    if (this.losesAnswer) {
      this.losesAnswer = false;
      throw new Error('lost');
    }
    this.devices.set(device, {
      key, seatKey: undefined, half: randomBytes(32).toString('hex'), recovery: randomBytes(32).toString('hex'), confirmed: !this.confirms, refused: false,
      newPinAllowed: true, wiped: false, ended: undefined, unsent: undefined,
    });
    return { status: 200, body: { ...person, confirmed: !this.confirms } };
  }

  #serve(purpose: ProofPurpose, device: StoodInDevice, proof: KeyProof, body: unknown): { status: number; body: unknown } {
    if (purpose === 'join') return { status: 200, body: { state: device.refused ? 'refused' : device.confirmed ? 'confirmed' : 'waiting' } };
    if (purpose === 'wiped') {
      device.wiped = true;
      return { status: 200, body: {} };
    }
    if (purpose === 'handover') {
      const { facts } = body as Handover;
      this.handed.push(facts);
      return { status: 200, body: { kept: facts.map(({ id }) => id).filter((id) => !this.drops.has(id)) } };
    }
    if (device.ended) return { status: 403, body: { error: device.ended } };
    if (!device.confirmed) return { status: 403, body: { error: 'unproved' } };
    if (purpose === 'recovery') {
      if (!device.newPinAllowed) return { status: 403, body: { error: 'not-allowed' } };
      if (proof.done) device.newPinAllowed = false;
      this.attempts.push(proof.attempt);
      return { status: 200, body: { half: device.recovery } };
    }
    const now = Date.now();
    if (purpose === 'check-in') return { status: 200, body: { serverNow: now, unlock: { half: device.half, until: now + this.halfMs } } };
    device.unsent = proof.unsent;
    const { name: _name, communityName: _communityName, ...actor } = person;
    return {
      status: 200,
      body: {
        ticket: 'ticket', expiresAt: now + this.ticketMs, serverNow: now, actor: { ...actor, device: proof.device }, communityGrids: [],
        unlock: { half: device.half, until: now + this.halfMs },
      },
    };
  }
}
