/** An enrolled tablet in a real browser, with the real server: its PIN, its sealed disk, its end. */
import { expect, test, type Page } from '@playwright/test';
import { dropProfile, makeProfile, startBrowser } from '../support/browserProcess.ts';
import { ask, bearer } from '../support/enrolled.ts';
import { addDoor, enrolHere, notesAt, realStage, saveVisitAt, sitWithPin } from '../support/enrolledPage.ts';
import { filesWith, randomWords } from '../support/filesWith.ts';
import { openReplicaFront, openReplicaPage } from '../support/replicaPage.ts';
import { startServer } from '../support/serverProcess.ts';

/** LINHUO_KILLS asks for more. */
const rounds = Number(process.env['LINHUO_KILLS'] ?? 3);
const filled = (page: Page) => page.evaluate(() => window.harness.filled('a').then(() => undefined));
const confirmed = (page: Page) => page.evaluate(() => window.harness.confirmed('a').then(() => undefined));

async function typeEverywhere(page: Page, hint: string, note: string): Promise<string> {
  const household = await addDoor(page, hint);
  expect(await saveVisitAt(page, household, note)).toMatch(/^vis_/);
  await page.evaluate((text) => window.harness.at('a').calls.saveDraft({ id: 'd', form: 'visit', title: text, value: { note: text }, changedAt: Date.now() }), note);
  await expect.poll(() => notesAt(page, household)).toEqual([note]);
  return household;
}

test('[KY1, KY6, SL3] joined, without a network, after a reload: the PIN opens everything; no file of the browser holds what was typed, and the same search finds it where nothing is sealed', async () => {
  test.setTimeout(120_000);
  const [stage, profile, clearProfile] = [await realStage(), makeProfile(), makeProfile()];
  const [hint, note, clearHint, clearNote] = [randomWords(), randomWords(), randomWords(), randomWords()];
  try {
    const browser = await startBrowser(profile);
    const page = await browser.context.newPage();
    await openReplicaPage(page, stage.front);
    const { tag, digits } = await enrolHere(page, stage);
    expect(digits[0]).toBe(digits[1]);
    expect(await sitWithPin(page, tag)).toBe('open');
    await filled(page);
    const household = await typeEverywhere(page, hint, note);
    await confirmed(page);
    await stage.server.kill();
    expect(await saveVisitAt(page, household, `${note} later`)).toMatch(/^vis_/);

    await page.reload();
    await openReplicaPage(page, stage.front);
    expect(await sitWithPin(page, tag, '314159')).toBe('wrong');
    expect(await sitWithPin(page, tag)).toBe('open');
    expect(await notesAt(page, household)).toEqual([note, `${note} later`]);
    expect(await page.evaluate(() => window.harness.at('a').calls.drafts().then((drafts) => drafts.length))).toBe(1);
    expect(await saveVisitAt(page, household, `${note} last`)).toMatch(/^vis_/);
    await expect.poll(() => notesAt(page, household)).toHaveLength(3);
    await browser.kill();

    const demo = await startServer({ demo: 'small' });
    const front = await openReplicaFront(demo.url);
    const clearBrowser = await startBrowser(clearProfile);
    const clearPage = await clearBrowser.context.newPage();
    await openReplicaPage(clearPage, front);
    await clearPage.evaluate(() => window.harness.sit('a', 'li').then(() => undefined));
    await filled(clearPage);
    await typeEverywhere(clearPage, clearHint, clearNote);
    await confirmed(clearPage);
    await clearBrowser.kill();
    await front.close();
    await demo.dispose();

    for (const words of [clearHint, clearNote]) expect(filesWith(clearProfile, words).filter((name) => /IndexedDB/.test(name)), 'the search must find what is there').not.toEqual([]);
    for (const words of [hint, note]) expect(filesWith(profile, words)).toEqual([]);
    // It did look at the right files.
    expect(filesWith(profile, household).filter((name) => /IndexedDB/.test(name))).not.toEqual([]);
  } finally {
    await stage.close();
    dropProfile(profile);
    dropProfile(clearProfile);
  }
});

test('[RP1, JN1, SL2] a browser killed between sealed saves keeps every answered one', async () => {
  test.setTimeout(60_000 + rounds * 20_000);
  const [stage, profile] = [await realStage(), makeProfile()];
  const answered = new Set<string>();
  let [tag, household] = ['', ''];
  try {
    for (let round = 0; round < rounds; round += 1) {
      const browser = await startBrowser(profile);
      const page = await browser.context.newPage();
      await page.exposeFunction('answered', (id: string) => void answered.add(id));
      await openReplicaPage(page, stage.front);
      if (round === 0) ({ tag } = await enrolHere(page, stage));
      expect(await sitWithPin(page, tag)).toBe('open');
      if (round === 0) {
        await filled(page);
        household = await addDoor(page, 'hint');
        await stage.server.kill();
      }
      // Runs until the browser dies; the promise is rejected then, and that is the point.
      const saving = page.evaluate(async ([door, from]) => {
        const { calls } = window.harness.at('a');
        const told = (window as unknown as { answered(id: string): Promise<void> }).answered;
        for (let nth = 0; ; nth += 1) {
          const saved = await calls.run(`${from}-${nth}`, 'recordVisit', { grid: 'g1', household: door, visitedAt: Date.now(), outcome: 'met', note: `note ${nth}` });
          if (!saved.ok) throw new Error(JSON.stringify(saved.error));
          void told(saved.value.facts[0]?.ref.record ?? '');
        }
      }, [household, `round ${round}`] as const).catch((error: Error) => error);
      const goal = answered.size + 20 + Math.floor(Math.random() * 40);
      await expect.poll(() => answered.size, { timeout: 30_000, intervals: [5] }).toBeGreaterThan(goal);
      await browser.kill();
      expect(String(await saving)).toMatch(/closed|crashed/i);
    }
    const browser = await startBrowser(profile);
    const page = await browser.context.newPage();
    await openReplicaPage(page, stage.front);
    expect(await sitWithPin(page, tag)).toBe('open');
    const shown = () => page.evaluate(async (door) => {
      const { harness } = window;
      return (await harness.when(harness.at('a').reader.list('visits', { kind: 'visit', parent: door }), () => true)).map(({ id }) => id);
    }, household);
    await expect.poll(async () => {
      const ids = new Set(await shown());
      return [...answered].filter((id) => !ids.has(id));
    }, { timeout: 20_000 }).toEqual([]);
    const waiting = await page.evaluate(async () => (JSON.parse(await window.harness.at('a').calls.exportUnconfirmed()) as { outbox: { facts: { json: string }[] }[] }).outbox.flatMap(({ facts }) => facts.map(({ json }) => (JSON.parse(json) as { record: string }).record)));
    expect([...answered].filter((id) => !waiting.includes(id))).toEqual([]);
    await browser.kill();
  } finally {
    await stage.close();
    dropProfile(profile);
  }
});

test('[IE10, KY10] code that runs in a locked tablet\'s page signs with what lies there, and gets no ticket', async ({ page }) => {
  const stage = await realStage();
  try {
    await openReplicaPage(page, stage.front);
    const { tag } = await enrolHere(page, stage);
    await page.reload();
    await openReplicaPage(page, stage.front);
    const answers = await page.evaluate(async (device) => {
      const request = indexedDB.open('linhuo-keys');
      await new Promise((resolve) => (request.onsuccess = resolve));
      const found = request.result.transaction('seats').objectStore('seats').get(device);
      await new Promise((resolve) => (found.onsuccess = resolve));
      const said: string[] = [];
      for (const [purpose, path] of [['check-in', '/api/check-in'], ['ticket', '/api/tickets']]) {
        const { nonce } = (await (await fetch('/api/challenge')).json()) as { nonce: string };
        const text = new TextEncoder().encode(`linhuo:v1:${purpose}\n${nonce}\n${device}`);
        const bytes = new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, (found.result as { privateKey: CryptoKey }).privateKey, text));
        const signature = btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
        const answer = await fetch(path ?? '', { method: 'POST', body: JSON.stringify({ device, nonce, signature }) });
        said.push(`${answer.status} ${Object.keys((await answer.json()) as object).join()}`);
      }
      return said;
    }, tag);
    expect(answers).toEqual(['200 serverNow,unlock', '403 error,hint']);
    expect(await sitWithPin(page, tag)).toBe('open');
    await filled(page);
  } finally {
    await stage.close();
  }
});

test('[TB2, TB3, KY4] two tabs of one seat: both open with the PIN, wrong tries are counted over both, and when the owner is gone the other goes on', async ({ context }) => {
  test.setTimeout(90_000);
  const stage = await realStage();
  const [first, second] = [await context.newPage(), await context.newPage()];
  for (const page of [first, second]) await openReplicaPage(page, stage.front);
  const { tag } = await enrolHere(first, stage);
  expect(await sitWithPin(first, tag)).toBe('open');
  await filled(first);
  expect(await sitWithPin(second, tag, '999998')).toBe('wrong');
  expect((await first.evaluate(() => window.harness.keys.seatsHere()))[0]?.triesLeft).toBe(9);
  expect(await sitWithPin(second, tag)).toBe('open');
  const household = await addDoor(second, 'hint');
  expect(await saveVisitAt(second, household, 'a')).toMatch(/^vis_/);
  await expect.poll(() => notesAt(first, household)).toEqual(['a']);
  await first.close();
  expect(await saveVisitAt(second, household, 'b')).toMatch(/^vis_/);
  await confirmed(second);
  await expect.poll(() => notesAt(second, household)).toEqual(['a', 'b']);
  await stage.close();
});

test('[RP9, KY7] a tablet whose person left hands over what only it held, into the review, and wipes itself', async ({ page }) => {
  test.setTimeout(90_000);
  const stage = await realStage();
  await openReplicaPage(page, stage.front);
  const { tag } = await enrolHere(page, stage);
  expect(await sitWithPin(page, tag)).toBe('open');
  await filled(page);
  const household = await addDoor(page, 'hint');
  await confirmed(page);
  await page.evaluate(() => window.harness.at('a').calls.cutWire(true));
  for (const note of ['only here 1', 'only here 2']) expect(await saveVisitAt(page, household, note)).toMatch(/^vis_/);
  await stage.supervisor.done({ act: 'revokeDevice', device: tag, reason: '离职' });
  const ended = await page.evaluate(async () => {
    const { calls, status } = window.harness.at('a');
    await calls.cutWire(false);
    return (await window.harness.when(status, (each) => each.ended?.mayWipe === true)).ended;
  });
  expect(ended).toEqual({ reason: 'revoked', handedOver: 2, left: 0, photos: 0, mayWipe: true });
  const review = (await ask(stage.server, '/api/admin/review', undefined, bearer(await stage.supervisor.ticket()))).body as { device: string; json: string }[];
  expect(review.map(({ device, json }) => [device, (JSON.parse(json) as { set: { note: string } }).set.note])).toEqual([[tag, 'only here 1'], [tag, 'only here 2']]);
  const left = await page.evaluate(async (each) => {
    const { harness } = window;
    await harness.at('a').close();
    const wiped = await harness.keys.wipe(each);
    return { wiped: wiped.ok, seats: await harness.keys.seatsHere(), databases: (await indexedDB.databases()).map(({ name }) => name) };
  }, tag);
  expect(left).toEqual({ wiped: true, seats: [], databases: ['linhuo-keys'] });
  expect((await stage.supervisor.registry()).devices.find((device) => device.tag === tag)?.wipedAt).toBeGreaterThan(0);
  await stage.close();
});

test('[KY8, JN8] storage cleared under the open app is sealed and filled again, and the PIN opens it after a reload', async ({ page }) => {
  test.setTimeout(90_000);
  const stage = await realStage();
  await openReplicaPage(page, stage.front);
  const { tag } = await enrolHere(page, stage);
  expect(await sitWithPin(page, tag)).toBe('open');
  await filled(page);
  const household = await addDoor(page, 'hint');
  await confirmed(page);
  await stage.server.kill();
  expect(await saveVisitAt(page, household, 'before')).toMatch(/^vis_/);
  const chromium = await page.context().newCDPSession(page);
  await chromium.send('Storage.clearDataForOrigin', { origin: new URL(page.url()).origin, storageTypes: 'indexeddb' });
  await expect.poll(() => saveVisitAt(page, household, 'after'), { timeout: 30_000 }).toMatch(/^vis_/);
  await page.reload();
  await openReplicaPage(page, stage.front);
  expect(await sitWithPin(page, tag)).toBe('open');
  await expect.poll(() => notesAt(page, household), { timeout: 20_000 }).toEqual(['after', 'before']);
  await stage.close();
});
