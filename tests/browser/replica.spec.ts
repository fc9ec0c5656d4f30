/** The replica in a real browser on real IndexedDB, against the real server process. */
import { openReplicaPage } from '../support/replicaPage.ts';
import { expect, test } from './fixtures.ts';
import { saveVisit, sitFilled, visitNotes } from './visits.ts';

test('[RP1, RP2] a visit is durable when it is answered, and the same request is done once', async ({ stage }) => {
  const page = await stage.device();
  const outcome = await page.evaluate(async () => {
    const { harness } = window;
    await harness.sit('a', 'sb-grid1');
    await harness.filled('a');
    const [door] = await harness.households('a');
    const input = { grid: String(door?.fields['grid']), household: door?.id, visitedAt: Date.now(), outcome: 'met', note: '𠮷祥：要修灯' };
    const first = await harness.at('a').calls.run('request-1', 'recordVisit', input);
    const again = await harness.at('a').calls.run('request-1', 'recordVisit', input);
    const visits = await harness.when(harness.at('a').reader.list('visits', { kind: 'visit', parent: String(door?.id) }), (rows) => rows.some((row) => row.fields['note'] === input.note));
    await harness.confirmed('a');
    return { first, again, matching: visits.filter((row) => row.fields['note'] === input.note).length };
  });
  expect(outcome.first).toEqual(outcome.again);
  expect(outcome.first.ok).toBe(true);
  expect(outcome.matching).toBe(1);
});

test('[CN1, PS1, PS2] without a server a save is "saved"; when it is back, "confirmed"; a restart of the server loses nothing', async ({ stage }) => {
  const page = await stage.device();
  await sitFilled(page);
  await stage.server.kill();
  const record = await page.evaluate(async () => {
    const { harness } = window;
    await harness.when(harness.at('a').status, (status) => status.link !== 'online');
    const [door] = await harness.households('a');
    const saved = await harness.at('a').calls.run('offline-1', 'recordVisit', { grid: String(door?.fields['grid']), household: door?.id, visitedAt: Date.now(), outcome: 'notHome' });
    const record = saved.ok ? saved.value.facts[0]?.ref.record : undefined;
    await harness.when(harness.at('a').reader.pending(), (rows) => rows.some((row) => row.id === record && row.state === 'saved'));
    return record;
  });
  expect(record).toBeDefined();
  await stage.restart();
  await page.evaluate(async (record) => {
    await window.harness.at('a').calls.syncNow();
    await window.harness.confirmed('a');
    await window.harness.when(window.harness.at('a').reader.pending(), (rows) => !rows.some((row) => row.id === record));
  }, record);
  await stage.server.kill();
  await stage.restart();
  const other = await stage.device();
  const seen = await other.evaluate(async (record) => {
    await window.harness.sit('b', 'sb-super');
    await window.harness.filled('b');
    const row = await window.harness.when(window.harness.at('b').reader.one('visits', String(record)), (found) => found !== undefined);
    return row?.fields['outcome'];
  }, record);
  expect(seen).toBe('notHome');
});

test('[PJ1, PJ3, RL1] a projection folded anew from the journal equals the live one', async ({ stage }) => {
  // A whole year of a community, twice.
  test.setTimeout(180_000);
  const page = await stage.device();
  const { live, rebuilt } = await page.evaluate(async () => {
    const { harness } = window;
    await harness.sit('a', 'sb-grid1');
    await harness.filled('a');
    const { calls, reader } = harness.at('a');
    const { ref } = await harness.plannedActivity('a');
    const volunteers = await harness.when(reader.list('people', { kind: 'volunteer', limit: 3 }), (rows) => rows.length === 3);
    const numbers = volunteers.map((row) => String(row.fields['number']));
    await calls.run('1', 'logActivity', { ref, headCount: 30, attendances: numbers.map((volunteer) => ({ volunteer, hoursTenths: 20 })) });
    await calls.run('2', 'recordAttendance', { activity: ref, present: [{ volunteer: numbers[0], hoursTenths: 25 }], absent: [numbers[1]] });
    for (const door of (await harness.households('a')).slice(0, 5))
      await calls.run(`door-${door.id}`, 'recordVisit', { grid: door.fields['grid'], household: door.id, visitedAt: Date.now(), outcome: 'met' });
    await harness.confirmed('a');
    // Closed months come in by themselves; wait until the year is here.
    await harness.when(reader.rollups('ledger'), (rows) => rows.length >= 12);
    for (const family of ['visits', 'log', 'ledger'] as const) await calls.fetchMonths(family, '2000-01', '2100-01');
    const live = await harness.dump('a');
    await calls.rebuild();
    return { live, rebuilt: await harness.dump('a') };
  });
  expect(live.rows['attendance']?.length).toBeGreaterThan(3_000);
  expect(live.rollups.length).toBeGreaterThan(40);
  expect(rebuilt).toEqual(live);
});

test('[TB1, TB2] two tabs share one replica, and the second takes over when the first is gone', async ({ stage }) => {
  const first = await stage.device();
  const second = await first.context().newPage();
  await openReplicaPage(second, stage.front);
  const door = await first.evaluate(async () => {
    await window.harness.sit('a', 'sb-grid1');
    await window.harness.filled('a');
    const [row] = await window.harness.households('a');
    return { id: String(row?.id), grid: String(row?.fields['grid']) };
  });
  const visit = (page: typeof first, request: string) =>
    page.evaluate(
      ({ request, door }) => window.harness.at('a').calls.run(request, 'recordVisit', { grid: door.grid, household: door.id, visitedAt: Date.now(), outcome: 'met', note: request }),
      { request, door },
    );
  await second.evaluate(() => window.harness.sit('a', 'sb-grid1'));
  expect((await visit(second, 'from-second')).ok).toBe(true);
  expect((await visit(first, 'from-first')).ok).toBe(true);
  const locks = await first.evaluate(async () => (await navigator.locks.query()).held?.filter((lock) => lock.name === 'linhuo-a').length);
  expect(locks).toBe(1);

  await first.close();
  expect((await visit(second, 'after-takeover')).ok).toBe(true);
  expect((await visit(second, 'after-takeover')).ok).toBe(true);
  const notes = await second.evaluate(async (door) => {
    await window.harness.confirmed('a');
    const rows = await window.harness.when(
      window.harness.at('a').reader.list('visits', { kind: 'visit', parent: door.id }),
      (found) => found.some((row) => row.fields['note'] === 'after-takeover'),
    );
    return rows.map((row) => String(row.fields['note'] ?? '')).filter((note) => note.includes('-')).sort();
  }, door);
  expect(notes).toEqual(['after-takeover', 'from-first', 'from-second']);
});

test('[RP5, LK2] what the server refuses waits in the tray with its reason; what still holds is stated again', async ({ stage }) => {
  const page = await stage.device();
  await page.evaluate(async () => {
    await window.harness.sit('a', 'sb-lead1');
    await window.harness.filled('a');
  });
  await stage.server.kill();
  // The leader was a supervisor when she last had contact, and is none any more: her tablet does not know yet.
  const saved = await page.evaluate(async () => {
    const { harness } = window;
    const { calls, reader } = harness.at('a');
    const partners = await harness.when(reader.list('roster', { kind: 'partner' }), (rows) => rows.length > 3);
    const own = partners.find((row) => row.id === 'par_shuangxiaobai');
    const other = partners.find((row) => row.id !== 'par_shuangxiaobai');
    await calls.leave();
    await new Promise<void>((resolve, reject) => {
      const request = indexedDB.open('linhuo-a-journal');
      request.onsuccess = () => {
        const write = request.result.transaction('device', 'readwrite');
        const store = write.objectStore('device');
        const read = store.get('known');
        read.onsuccess = () => store.put({ key: 'known', value: { ...read.result.value, actor: { ...read.result.value.actor, role: 'supervisor' } } });
        write.oncomplete = () => {
          request.result.close();
          resolve();
        };
        write.onerror = () => reject(write.error);
      };
    });
    await harness.sit('a', 'sb-lead1');
    const again = harness.at('a').calls;
    const room = { community: 'shuangbai', family: 'roster' as const };
    return {
      refused: await again.run('1', 'revisePartner', { ref: { room, record: String(other?.id) }, note: '改过的备注' }),
      allowed: await again.run('2', 'revisePartner', { ref: { room, record: String(own?.id) }, note: '我们每周三排练' }),
      other: String(other?.id),
    };
  });
  expect(saved.refused.ok && saved.allowed.ok).toBe(true);
  await stage.restart();
  const after = await page.evaluate(async ({ other }) => {
    const { harness } = window;
    const { calls, reader } = harness.at('a');
    await calls.syncNow();
    await harness.when(harness.at('a').status, (status) => status.refused === 1 && status.saved + status.sent === 0 && status.link === 'online');
    const own = await harness.when(reader.one('roster', 'par_shuangxiaobai'), (row) => row?.fields['note'] === '我们每周三排练');
    const refused = await harness.when(reader.pending(), (rows) => rows.some((row) => row.id === other && row.state === 'refused'));
    const untouched = await harness.when(reader.one('roster', other), (row) => row?.fields['note'] !== '改过的备注');
    return { tray: await calls.tray(), own: own?.fields['note'], reason: refused[0]?.reason, untouched: untouched?.id };
  }, saved);
  expect(after.tray.map((entry) => [entry.reason, entry.set['note']])).toEqual([['not-allowed', '改过的备注']]);
  expect(after.reason).toBe('not-allowed');
  expect(after.own).toBe('我们每周三排练');
  expect(after.untouched).toBe(saved.other);
});

test('[JN3] on a full disk nothing is half saved, the form is told, and saving works again when there is room', async ({ stage }) => {
  const page = await stage.device();
  await sitFilled(page);
  const save = (request: string, note: string) =>
    page.evaluate(
      async ({ request, note }) => {
        const [door] = await window.harness.households('a');
        return window.harness.at('a').calls.run(request, 'recordVisit', { grid: door?.fields['grid'], household: door?.id, visitedAt: Date.now(), outcome: 'met', note });
      },
      { request, note },
    );
  const disk = (full: 'journal' | '') => page.evaluate((full) => window.harness.fault({ full }), full);
  await disk('journal');
  const full = await save('full', '写不下'.repeat(300));
  expect(full).toEqual({ ok: false, error: { type: 'StorageFull' } });
  await disk('');
  const fine = await save('fine', '写下了');
  expect(fine.ok).toBe(true);
  const notes = await page.evaluate(async () => {
    await window.harness.confirmed('a');
    const [door] = await window.harness.households('a');
    const rows = await window.harness.when(window.harness.at('a').reader.list('visits', { kind: 'visit', parent: String(door?.id) }), (found) => found.some((row) => row.fields['note'] === '写下了'));
    return rows.filter((row) => String(row.fields['note'] ?? '').startsWith('写')).length;
  });
  expect(notes).toBe(1);
});

test('[RP4, PJ4] with a projection that cannot be written a save still holds, and is shown as soon as it can', async ({ stage }) => {
  const page = await stage.device();
  const shown = await page.evaluate(async () => {
    const { harness } = window;
    await harness.sit('a', 'sb-grid1');
    await harness.filled('a');
    const { calls, reader } = harness.at('a');
    const [first, second] = await harness.households('a');
    const faults = new BroadcastChannel('faults');
    const visit = (request: string, door: typeof first) =>
      calls.run(request, 'recordVisit', { grid: door?.fields['grid'], household: door?.id, visitedAt: Date.now(), outcome: 'met', note: request });
    faults.postMessage({ full: 'projection' });
    const saved = await visit('unseen', first);
    await harness.when(harness.at('a').status, (status) => status.storage === 'full');
    faults.postMessage({ full: '' });
    await visit('seen', second);
    const notes = async (door: typeof first, note: string) =>
      (await harness.when(reader.list('visits', { kind: 'visit', parent: String(door?.id) }), (rows) => rows.some((row) => row.fields['note'] === note))).length > 0;
    return { saved: saved.ok, both: (await notes(first, 'unseen')) && (await notes(second, 'seen')) };
  });
  expect(shown).toEqual({ saved: true, both: true });
});

test('[LK1] a ticket stands in no address, of a request or of a socket', async ({ stage }) => {
  const page = await stage.device();
  const tickets: string[] = [];
  page.on('response', async (response) => {
    if (response.url().endsWith('/api/tickets')) tickets.push(String(((await response.json()) as { ticket: string }).ticket));
  });
  await sitFilled(page);
  await expect.poll(() => tickets.length).toBe(1);
  const { addresses } = stage.front;
  expect(addresses).toContain('/api/tickets');
  expect(addresses).toContain('/sync/v1/shuangbai/roster');
  expect(addresses.filter((address) => address.includes(String(tickets[0])))).toEqual([]);
  expect(stage.server.output()).not.toContain(String(tickets[0]));
});

test('[CN3] a wire cut on purpose stays cut until it is joined again', async ({ stage }) => {
  const page = await stage.device();
  const links = await page.evaluate(async () => {
    const { harness } = window;
    await harness.sit('a', 'sb-grid1');
    await harness.filled('a');
    const { calls, status } = harness.at('a');
    await calls.cutWire(true);
    await harness.when(status, (each) => each.link === 'cut');
    // Asking for it by hand does not join it either.
    await calls.syncNow();
    const [door] = await harness.households('a');
    await calls.run('cut', 'recordVisit', { grid: door?.fields['grid'], household: door?.id, visitedAt: Date.now(), outcome: 'met' });
    const cut = await harness.when(status, (each) => each.saved === 1);
    await calls.cutWire(false);
    await harness.confirmed('a');
    return [cut.link, cut.sent];
  });
  expect(links).toEqual(['cut', 0]);
});

test('[PJ5] a row that the page reads before the worker has told of it stands in the list once', async ({ stage }) => {
  const page = await stage.device();
  await sitFilled(page);
  expect(await saveVisit(page, 'early 1')).toContain('vis_');
  await expect.poll(() => visitNotes(page, 'early')).toEqual(['early 1']);
  // What Chromium does now and then, for a second: rows are in the database, and the word of them is on its way.
  await page.evaluate(() => window.harness.fault({ late: 1_000 }));
  expect(await saveVisit(page, 'early 2', Date.now() + 1_000)).toContain('vis_');
  const seen = await page.evaluate(async () => {
    const { harness } = window;
    // A list nobody has read before.
    const list = harness.at('a').reader.list('visits', { kind: 'visit', parent: harness.firstDoor.household, limit: 50 });
    const lengths: number[] = [];
    const newest: string[] = [];
    const stop = list.subscribe((rows) => {
      lengths.push(rows.length - new Set(rows.map(({ id }) => id)).size);
      newest.push(String(rows[0]?.fields['note']));
    });
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    stop();
    return { repeated: Math.max(...lengths), first: newest[0], last: newest.at(-1) };
  });
  expect(seen).toEqual({ repeated: 0, first: 'early 2', last: 'early 2' });
  expect(await visitNotes(page, 'early')).toEqual(['early 1', 'early 2']);
});
