/**
 * Renders the app's icons from static/favicon.svg, the only drawing of the mark. Run by hand after changing it.
 * The maskable icon keeps the mark inside the middle 80 %, which is all a launcher promises to show.
 */
import { readFile } from 'node:fs/promises';
import { chromium } from 'playwright';

const folder = new URL('../static/', import.meta.url);
const mark = await readFile(new URL('favicon.svg', folder), 'utf8');
const red = '#b3261e';

/** Name, edge in pixels, share of the edge the mark takes, and the ground behind it. */
const icons = [
  { name: 'icon-192.png', size: 192, share: 1, ground: 'transparent' },
  { name: 'icon-512.png', size: 512, share: 1, ground: 'transparent' },
  { name: 'icon-maskable-512.png', size: 512, share: 0.78, ground: red },
  { name: 'apple-touch-icon.png', size: 180, share: 1, ground: red },
];

const browser = await chromium.launch({
  executablePath: process.env.CHROME_PATH || '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking'],
});
try {
  for (const { name, size, share, ground } of icons) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    const edge = size * share;
    await page.setContent(
      `<style>body{margin:0;height:100vh;display:grid;place-items:center;background:${ground}}
       svg{width:${edge}px;height:${edge}px}</style>${mark}`,
    );
    await page.screenshot({ path: new URL(name, folder).pathname, omitBackground: true });
    await page.close();
  }
} finally {
  await browser.close();
}
