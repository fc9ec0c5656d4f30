/**
 * `npm test`: installs what the tests need, a browser included, runs all of them and ends with one line of counts.
 * Every part runs even if an earlier one failed; any failure, or no test at all, makes the exit code 1.
 * Node 20, built-ins only.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findOrInstallBrowser } from './browser.mjs';
import { findOrInstallOffice } from './office.mjs';
import { build, install } from './prepare.mjs';
import { killStrays, ownTools, run, stopWhenAsked } from './processes.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

const reports = mkdtempSync(join(tmpdir(), 'linhuo-test-'));
process.on('exit', () => rmSync(reports, { recursive: true, force: true }));
stopWhenAsked((_child, signal) => signal);

// Where no language is set, file names are ASCII: LibreOffice loses the names of Chinese sheets, Chromium those of Chinese downloads.
if (!process.env.LC_ALL && !process.env.LC_CTYPE && !process.env.LANG) process.env.LC_ALL = 'C.UTF-8';

/** @type {Counts} */
const total = { passed: 0, failed: 0, skipped: 0 };

if (!(await install())) {
  problem('The dependencies could not be installed; npm says why above.');
  finish();
}
if (!(await build())) problem('The app could not be built; the reason stands above.');
if ((await run('npm', ['run', '--silent', 'check'])) !== 0) problem('The types do not check.');

const office = await findOrInstallOffice();
if (!office) problem('No LibreOffice was found and none could be installed: set SOFFICE_PATH to its soffice and try again.');

const unitReport = join(reports, 'vitest.json');
const unitCode = await run('vitest', [
  'run',
  '--allowOnly=false',
  '--passWithNoTests',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${unitReport}`,
], { env: { ...ownTools, ...(office ? { SOFFICE_PATH: office } : {}) } });
add('vitest', unitCode, unitReport, fromVitest);

const browser = await findOrInstallBrowser();
if (browser) {
  const pageReport = join(reports, 'playwright.json');
  const env = { ...ownTools, CHROME_PATH: browser, PLAYWRIGHT_JSON_OUTPUT_FILE: pageReport };
  const pageCode = await run('playwright', ['test', '--forbid-only', '--pass-with-no-tests', '--reporter=list,json'], { env });
  add('playwright', pageCode, pageReport, fromPlaywright);
} else {
  problem('No browser was found and none could be installed: set CHROME_PATH to a Chromium and try again.');
}
finish();

/**
 * @param {string} runner
 * @param {number} code
 * @param {string} file
 * @param {(report: any) => Counts} read
 */
function add(runner, code, file, read) {
  /** @type {Counts} */
  let counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    counts = read(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    // A runner that found no tests leaves no report; one that fell over says so with its code.
    if (code === 0) console.error(`${runner} left no report: ${error instanceof Error ? error.message : error}`);
  }
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
  if (code !== 0 && counts.failed === 0) problem(`${runner} failed outside a test (exit code ${code}).`);
}

/** A file that fails before its first test has no failed test to count, so the file counts. @param {any} report @returns {Counts} */
function fromVitest(report) {
  const broken = report.testResults.filter(
    (/** @type {any} */ file) =>
      file.status === 'failed' && !file.assertionResults.some((/** @type {any} */ test) => test.status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** A later try is told, not hidden: whoever sees it has a race to find. @param {any} report @returns {Counts} */
function fromPlaywright({ stats }) {
  if (stats.flaky > 0) console.log(`${stats.flaky} of these passed only at a later try: they stand above as flaky, and each is a bug in the test or in what it tests.`);
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped };
}

/** @param {string} reason */
function problem(reason) {
  console.error(reason);
  total.failed += 1;
}

/** @returns {never} */
function finish() {
  killStrays();
  if (total.skipped > 0) console.log(`${total.skipped} skipped`);
  if (total.passed + total.failed === 0) console.error('No test was found.');
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
}
