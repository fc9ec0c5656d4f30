/** A tablet without a screen: Node's WebCrypto as its key, the real wire to a running server. */
import * as v from 'valibot';
import { ticketGrantSchema, type TicketGrant } from '../../src/protocol/api.ts';
import {
  challengeSchema, handoverAnswerSchema, joinAnswerSchema, joinStateSchema, proofText, registrySchema, seatKeyText, actAnswerSchema,
  type ActAnswer, type AdminAct, type Handover, type JoinAnswer, type KeyProof, type ProofPurpose, type PublicKey, type Registry,
} from '../../src/protocol/identity.ts';
import { newDevice, type Reachable } from './wire.ts';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

export async function ask(server: Reachable, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const answer = await fetch(`${server.url}${path}`, body === undefined ? { headers } : { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text), headers: answer.headers };
}

export const errorOf = ({ status, body }: Answer): readonly [status: number, error: unknown] => [status, (body as { error?: unknown }).error];

const randomTablet = (): string => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => (byte % 36).toString(36)).join('');

type Made = readonly [CryptoKeyPair, PublicKey];
async function newKeys(): Promise<Made> {
  const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', keys.publicKey);
  return [keys, { x, y }];
}
const signed = async ({ privateKey }: CryptoKeyPair, text: string): Promise<string> =>
  Buffer.from(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, new TextEncoder().encode(text))).toString('base64url');

export class EnrolledTablet {
  readonly device: string;
  readonly tablet: string;
  readonly key: PublicKey;
  /** The one behind a PIN. */
  readonly seatKey: PublicKey;
  readonly #server: Reachable;
  readonly #keys: CryptoKeyPair;
  readonly #seatKeys: CryptoKeyPair;
  #isSeatKeyKnown = false;
  seat: JoinAnswer | undefined;

  private constructor(server: Reachable, [keys, key]: Made, [seatKeys, seatKey]: Made, tablet: string) {
    this.#server = server;
    this.#keys = keys;
    this.#seatKeys = seatKeys;
    this.key = key;
    this.seatKey = seatKey;
    this.device = newDevice();
    this.tablet = tablet;
  }

  static async unpacked(server: Reachable, tablet = randomTablet()): Promise<EnrolledTablet> {
    return new EnrolledTablet(server, await newKeys(), await newKeys(), tablet);
  }

  /** A tablet that joined with this code. */
  static async joined(server: Reachable, code: string, tablet?: string): Promise<EnrolledTablet> {
    const made = await EnrolledTablet.unpacked(server, tablet);
    const answer = await made.join(code);
    if (answer.status !== 200) throw new Error(`joining was answered with ${answer.status}: ${JSON.stringify(answer.body)}`);
    return made;
  }

  /** @param name counts with a community's first invitation alone; null says none */
  async join(code: string, name: string | null = '王主任'): Promise<Answer> {
    const { device, tablet, key } = this;
    const answer = await ask(this.#server, '/api/join', { code, device, tablet, label: 'Test · Node', key, ...(name !== null && { name }) });
    if (answer.status === 200) this.seat = v.parse(joinAnswerSchema, answer.body);
    return answer;
  }

  async challenge(): Promise<string> {
    return v.parse(challengeSchema, (await ask(this.#server, '/api/challenge')).body).nonce;
  }
  /** With the key that the server asks for by now, unless said otherwise. */
  async proof(purpose: ProofPurpose, nonce?: string, by?: 'device' | 'seat'): Promise<Pick<KeyProof, 'device' | 'nonce' | 'signature'>> {
    const challenge = nonce ?? (await this.challenge());
    const key = by ?? (this.#isSeatKeyKnown && ['ticket', 'handover'].includes(purpose) ? 'seat' : 'device');
    return { device: this.device, nonce: challenge, signature: await signed(key === 'seat' ? this.#seatKeys : this.#keys, proofText(purpose, challenge, this.device)) };
  }

  /** @param another as if this were the seat's key */
  async tellSeatKey(another?: EnrolledTablet): Promise<Answer> {
    const nonce = await this.challenge();
    const { seatKey } = another ?? this;
    const text = seatKeyText(nonce, this.device, seatKey);
    const body = { device: this.device, nonce, key: seatKey, signature: await signed(this.#keys, text), seatSignature: await signed((another ?? this).#seatKeys, text) };
    const answer = await ask(this.#server, '/api/seat-key', body);
    if (answer.status === 200 && !another) this.#isSeatKeyKnown = true;
    return answer;
  }
  /** What the key behind a PIN signs. */
  signs(text: string): Promise<string> {
    return signed(this.#seatKeys, text);
  }
  async checkIn(): Promise<Answer> {
    return ask(this.#server, '/api/check-in', await this.proof('check-in'));
  }

  async joinState(): Promise<string> {
    return v.parse(joinStateSchema, (await ask(this.#server, '/api/join/state', await this.proof('join'))).body).state;
  }
  async askTicket(more: Partial<KeyProof> = {}): Promise<Answer> {
    return ask(this.#server, '/api/tickets', { ...(await this.proof('ticket')), ...more });
  }
  async ticket(): Promise<TicketGrant> {
    if (!this.#isSeatKeyKnown) await this.tellSeatKey();
    const answer = await this.askTicket();
    if (answer.status !== 200) throw new Error(`a ticket was answered with ${answer.status}: ${JSON.stringify(answer.body)}`);
    return v.parse(ticketGrantSchema, answer.body);
  }
  async recovery(more: Partial<KeyProof> = {}): Promise<Answer> {
    return ask(this.#server, '/api/recovery', { ...(await this.proof('recovery')), ...more });
  }
  async wiped(): Promise<Answer> {
    return ask(this.#server, '/api/wiped', await this.proof('wiped'));
  }
  async handOver(facts: Handover['facts']): Promise<readonly string[]> {
    return v.parse(handoverAnswerSchema, (await ask(this.#server, '/api/handover', { ...(await this.proof('handover')), facts })).body).kept;
  }

  /** As a supervisor. */
  async act(act: AdminAct): Promise<Answer> {
    return ask(this.#server, '/api/admin', act, bearer(await this.ticket()));
  }
  async done(act: AdminAct): Promise<ActAnswer> {
    const answer = await this.act(act);
    if (answer.status !== 200) throw new Error(`${act.act} was answered with ${answer.status}: ${JSON.stringify(answer.body)}`);
    return v.parse(actAnswerSchema, answer.body);
  }
  async registry(): Promise<Registry> {
    return v.parse(registrySchema, (await ask(this.#server, '/api/admin', undefined, bearer(await this.ticket()))).body);
  }
}

export const bearer = ({ ticket }: { readonly ticket: string }): Record<string, string> => ({ authorization: `Bearer ${ticket}` });
