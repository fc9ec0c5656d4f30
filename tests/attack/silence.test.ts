/** Those who hold a line before there is anything to hold it for. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { formatRoomName } from '../../src/protocol/roomName.ts';
import { RawSocket } from './raw.ts';
import { Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

/** Connects and says only this much. */
const saying = (count: number, words: string): Promise<RawSocket[]> =>
  Promise.all(Array.from({ length: count }, async () => {
    const socket = stage.held(await new RawSocket(stage.server).connected());
    socket.socket.write(words);
    return socket;
  }));

test('[SR18] openings that never finish are cut off within seconds', async () => {
  await stage.attack('150 half-open openings', async () => {
    const silent = await saying(50, '');
    const begun = await saying(80, `GET /sync/${formatRoomName(stage.honest)} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n`);
    // A byte now and then keeps a line alive for servers that only watch for idleness.
    const dripping = await saying(20, 'GET / HTTP/1.1\r\nX: ');
    const drip = setInterval(() => dripping.forEach(({ socket, closed }) => closed || socket.write('x')), 200);
    try {
      await vi.waitFor(() => expect([...silent, ...begun, ...dripping].filter(({ closed }) => !closed).length).toBe(0), { timeout: 15_000, interval: 50 });
    } finally {
      clearInterval(drip);
    }
  });
}, 30_000);
