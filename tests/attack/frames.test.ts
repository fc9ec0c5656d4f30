/** Bytes that are no frame, frames that are no message, messages that are too much: each ends its own socket and no other. */
import { randomFillSync } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { messageMaxBytes } from '../../src/protocol/messages.ts';
import { formatRoomName } from '../../src/protocol/roomName.ts';
import { subprotocol } from '../../src/protocol/version.ts';
import { stepOneMessage } from '../../server/rooms/messages.ts';
import type { TicketGrant } from '../../src/protocol/api.ts';
import { Peer, ticketProtocol } from '../support/wire.ts';
import { frame, RawSocket } from './raw.ts';
import { Stage } from './stage.ts';
import { varint } from './structs.ts';

let stage: Stage;
let grant: TicketGrant;
beforeAll(async () => {
  stage = await Stage.open();
  grant = await stage.sitDown('li');
});
afterAll(() => stage.close());

const path = (): string => `/sync/${formatRoomName(stage.honest)}`;
const admitted = (): string => `Sec-WebSocket-Protocol: ${subprotocol}, ${ticketProtocol(grant)}`;

/** The same on every run: nothing here may depend on luck. */
const noise = (length: number): Buffer => Buffer.from(Uint8Array.from({ length }, (_, index) => (index * 167 + (index >> 3) * 59 + 13) % 256));

const manyFragments = (): Buffer => Buffer.concat([frame(2, Uint8Array.of(0), { fin: false }), ...Array.from({ length: 59_998 }, () => frame(0, Uint8Array.of(0), { fin: false })), frame(0, Uint8Array.of(0))]);
const claims = (high: number, low: number): Buffer => Buffer.from([0x82, 0xff, 0, 0, 0, high, low, 0, 0, 0, 0, 0, 0, 0]);

test('[SR18] illegal frames and floods of fragments end their own connection, before and after authentication', async () => {
  const frames: readonly (readonly [what: string, code: number, bytes: Buffer])[] = [
    ['all bits set', 1002, Buffer.alloc(6, 0xff)],
    ['a frame that is not masked', 1002, frame(2, Uint8Array.of(1, 2, 3), { masked: false })],
    ['an opcode that does not exist', 1002, frame(3)],
    ['a reserved bit', 1002, frame(2, Uint8Array.of(0), { reserved: 0x20 })],
    ['a compressed frame nobody negotiated', 1002, frame(2, deflateRawSync(new Uint8Array(10_000_000)), { reserved: 0x40 })],
    ['a continuation of nothing', 1002, frame(0, Uint8Array.of(1))],
    ['a ping in pieces', 1002, frame(9, Uint8Array.of(1), { fin: false })],
    ['a ping that is too long', 1002, frame(9, new Uint8Array(126))],
    ['a close with half a code', 1002, frame(8, Uint8Array.of(3))],
    ['a close with a code that does not exist', 1002, frame(8, Uint8Array.of(0, 1))],
    ['text that is no text', 1007, frame(1, Uint8Array.of(0xc3, 0x28))],
    ['60,000 fragments of one byte', 1008, manyFragments()],
    ['a frame that claims 4 GB', 1009, claims(1, 0)],
    ['a frame that claims 2^53 bytes', 1009, Buffer.from([0x82, 0xff, 0, 0x20, 0, 0, 0, 0, 0, 0])],
    ['a megabyte of noise', 1002, noise(1_048_576)],
  ];
  for (const [what, code, bytes] of frames)
    await stage.attack(what, async () => {
      const inside = stage.held(await new RawSocket(stage.server).upgrade(path(), admitted()));
      inside.socket.write(bytes);
      expect(await inside.ended()).toBe(code);
      // Nobody yet: it is being shown out with 4401 when its frame comes.
      const outside = stage.held(await new RawSocket(stage.server).upgrade(path()));
      outside.socket.write(bytes);
      expect(await outside.ended()).toBe(4401);
    });
}, 60_000);

test('[SR18] a connection that is torn down in the middle of a handshake or a frame disturbs nobody', async () => {
  await stage.attack('100 resets in the middle of a frame, 100 in the middle of a handshake', async () => {
    for (let round = 0; round < 100; round += 1) {
      const inside = await new RawSocket(stage.server).upgrade(path(), admitted());
      inside.socket.write(frame(2, new Uint8Array(1_000)).subarray(0, 500));
      inside.socket.resetAndDestroy();
      const shaking = await new RawSocket(stage.server).connected();
      shaking.socket.write(`GET ${path()} HTTP/1.1\r\nUpgrade: websocket\r\n`);
      shaking.socket.resetAndDestroy();
    }
  });
});

test('[SR18] a message beyond the limit ends its connection before it is read', async () => {
  for (const [what, size] of [['a message a little too large', messageMaxBytes + 1_000], ['a message of 32 MB', 32 * 1_048_576], ['an awareness state of 5 MB', 5_000_000]] as const)
    await stage.attack(what, async () => {
      const peer = stage.held(await Peer.into(stage.server, stage.honest, grant));
      const message = randomFillSync(new Uint8Array(size));
      message[0] = 1;
      peer.socket.send(message);
      expect((await peer.ended()).code).toBe(1009);
    });
});

test('[SR18] compression is not negotiated, so there is nothing to blow up', async () => {
  await stage.attack('an offer of permessage-deflate', async () => {
    const peer = stage.held(await new RawSocket(stage.server).upgrade(path(), admitted(), 'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits'));
    expect(peer.head).toContain('101 Switching Protocols');
    expect(peer.head.toLowerCase()).not.toContain('sec-websocket-extensions');
  });
});

test('[SR16] what is no message closes its own socket with 4400', async () => {
  const messages: readonly (readonly [what: string, message: Uint8Array | string])[] = [
    ['nothing', Uint8Array.of()], ['an unknown type', Uint8Array.of(77)], ['our own message 100', Uint8Array.of(100, 0)], ['a type that never ends', Uint8Array.of(255, 255, 255, 255, 255, 255)],
    ['an unknown sync step', Uint8Array.of(0, 9, 0)], ['a sync message without a step', Uint8Array.of(0)], ['text', 'text'], ['much text', 'x'.repeat(1_000_000)], ['noise', noise(50_000).fill(200, 0, 1)],
  ];
  for (const [what, message] of messages)
    await stage.attack(`a message that is ${what}`, async () => {
      const peer = stage.held(await Peer.into(stage.server, stage.honest, grant));
      peer.socket.send(message);
      expect((await peer.ended()).code).toBe(4400);
    });
}, 30_000);

test('[SR32] a sync message that breaks off or asks too much is refused in words, then closed', async () => {
  const stateVector = (entries: number): Uint8Array => Uint8Array.from([...varint(entries), ...Array.from({ length: entries }, (_, index) => varint(index + 1_000_000).concat(1)).flat()]);
  const messages: readonly (readonly [what: string, code: number, reason: string, message: Uint8Array])[] = [
    ['an update shorter than it says', 4400, 'malformed-update', Uint8Array.of(0, 2, 200, 1)],
    ['a step 2 without bytes', 4400, 'malformed-update', Uint8Array.of(0, 1)],
    ['a state vector that breaks off', 4400, 'malformed-update', Uint8Array.of(0, 0, 3, 5, 1, 1)],
    ['a state vector of numbers that are none', 4400, 'malformed-update', Uint8Array.of(0, 0, 10, 1, 255, 255, 255, 255, 255, 255, 255, 255, 255)],
    ['a state vector of 300,000 entries', 4413, 'too-large', stepOneMessage(stateVector(300_000))],
  ];
  for (const [what, code, reason, message] of messages)
    await stage.attack(what, async () => {
      const peer = stage.held(await Peer.into(stage.server, stage.honest, grant));
      peer.socket.send(message);
      expect(await peer.ended()).toEqual({ code, reason });
      expect(peer.refusal).toEqual({ reason });
    });
});
