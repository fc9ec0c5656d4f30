/** When a tablet tries again, and which closed months it fetches. */
import { expect, test } from 'vitest';
import { instantOf } from '../../../src/domain/kernel/time.ts';
import { fetchRoom } from '../../../src/replica/connection/api.ts';
import { outdated } from '../../../src/replica/connection/archive.ts';
import { retryDelayMs } from '../../../src/replica/connection/backoff.ts';
import { openPortal } from '../../support/portal.ts';
import { freePort } from '../../support/serverProcess.ts';

test('[CN2] the wait doubles up to 30 s and is spread over half of it', () => {
  expect([0, 1, 2].map((attempt) => retryDelayMs(attempt, () => 0))).toEqual([200, 400, 800]);
  expect([0, 1, 2].map((attempt) => retryDelayMs(attempt, () => 1))).toEqual([400, 800, 1_600]);
  expect(retryDelayMs(50, () => 1)).toBe(30_000);
  expect(retryDelayMs(50, () => 0)).toBe(15_000);
});

const now = instantOf('2026-11-23', '10:00');
const heads = [
  { room: 'v1/shuangbai/roster', head: 9 },
  { room: 'v1/shuangbai/log/2026-11', head: 5 },
  { room: 'v1/shuangbai/log/2026-10', head: 4 },
  { room: 'v1/shuangbai/log/2026-09', head: 3 },
  { room: 'v1/shuangbai/ledger/2025-01', head: 2 },
  { room: 'no room', head: 1 },
];

test('[AR1] closed months that are missing or older here are fetched, newest first; live and monthless rooms are not', () => {
  const held = new Map([['v1/shuangbai/log/2026-09', 2]]);
  const rooms = outdated(heads, held, now, (_family, month) => month >= '2025-11').map(({ room }) => room);
  expect(rooms).toEqual(['v1/shuangbai/log/2026-10', 'v1/shuangbai/log/2026-09']);
  expect(outdated(heads, new Map([['v1/shuangbai/log/2026-10', 4]]), now, (family) => family === 'log').map(({ room }) => room)).toEqual(['v1/shuangbai/log/2026-09']);
});

test('[AR1] a month to come is fetched too: what is planned there is known to everybody before it begins', () => {
  const planned = [...heads, { room: 'v1/shuangbai/log/2026-12', head: 1 }];
  const held = new Map([['v1/shuangbai/log/2026-10', 4], ['v1/shuangbai/log/2026-09', 3]]);
  expect(outdated(planned, held, now, (family) => family === 'log').map(({ room }) => room)).toEqual(['v1/shuangbai/log/2026-12']);
});

test('[AR1] within seven days of the turn of the month, last month is still live', () => {
  const early = instantOf('2026-11-05');
  expect(outdated(heads, new Map(), early, (family) => family === 'log').map(({ room }) => room)).toEqual(['v1/shuangbai/log/2026-09']);
});

test("[CN1] a network's own page is no room: nothing of it is kept as a month", async () => {
  const port = await freePort();
  const portal = await openPortal(port);
  try {
    await expect(fetchRoom(`http://127.0.0.1:${port}`, 'ticket', 'v1/shuangbai/log/2026-10')).rejects.toMatchObject({ failure: 'offline' });
  } finally {
    await portal.close();
  }
});
