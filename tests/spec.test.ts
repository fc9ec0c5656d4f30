/** docs/SPEC.md and the tests hold each other to their word: every rule is cited by a test, every citation is a rule. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sourceFiles } from './support/imports.ts';

const ruleIds = (spec: string): string[] => [...spec.matchAll(/^- \*\*([A-Z]{2,3}\d+)\*\* \S/gm)].map(([, id = '']) => id);
/** A citation stands at the start of a test's name, several in one pair of brackets or in pairs of their own. */
const citations = (code: string): string[] =>
  [...code.matchAll(/\btest(?:\.\w+)?\(\s*['"`]((?:\[[A-Z]{2,3}\d+(?:, ?[A-Z]{2,3}\d+)*\]\s*)+)/g)].flatMap(([, cited = '']) => cited.match(/[A-Z]{2,3}\d+/g) ?? []);

const rules = ruleIds(readFileSync('docs/SPEC.md', 'utf8'));
const cited = new Set(sourceFiles('tests', /\.(test|spec)\.ts$/).flatMap((file) => citations(readFileSync(file, 'utf8'))));
/** Contract suites are functions that test files run on each implementation. */
for (const file of sourceFiles('tests', /Contract\.ts$/)) for (const id of citations(readFileSync(file, 'utf8'))) cited.add(id);

test('[HS3] no rule stands twice', () => {
  expect(rules.length).toBeGreaterThan(40);
  expect(rules.filter((id, index) => rules.indexOf(id) !== index)).toEqual([]);
});

test('[HS3] every rule is cited by a test', () => {
  expect(rules.filter((id) => !cited.has(id))).toEqual([]);
});

test('[HS3] every cited rule exists', () => {
  expect([...cited].filter((id) => !rules.includes(id)).sort()).toEqual([]);
});

test('[HS3] rules that the source refers to exist', () => {
  const known = new Set(rules);
  const referred = ['src', 'server'].flatMap((root) => sourceFiles(root)).flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/^\s*(?:\/?\*\*?|\/\/).*$/gm)].flatMap(([comment]) =>
      (comment.match(/\b[A-Z]{2}\d{1,2}\b/g) ?? []).filter((id) => !known.has(id)).map((id) => `${file}: ${id}`),
    ),
  );
  expect(referred).toEqual([]);
});

/** The rows of the fault tables: cells of each line that is no heading and no rule of dashes. */
const faultRows = (text: string): string[][] =>
  text.split('\n').filter((line) => line.startsWith('|') && !/^\|[-|]+\|$/.test(line)).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim())).filter((cells) => cells.at(-1) !== 'proof');

test('[HS4] each fault says what is seen or done and which rules prove it, and each of those rules is cited by a test', () => {
  const rows = faultRows(readFileSync('docs/FAILURES.md', 'utf8'));
  expect(rows.length).toBeGreaterThan(40);
  const wrong = rows.flatMap((cells) => {
    const [fault = ''] = cells;
    const proof = (cells.at(-1) ?? '').split(', ').flatMap((part) => {
      const [, kind = '', from = '', to = from] = /^([A-Z]{2,3})(\d+)(?:–[A-Z]{2,3}(\d+))?$/.exec(part) ?? [];
      return kind === '' ? [part] : Array.from({ length: Number(to) - Number(from) + 1 }, (_each, index) => `${kind}${Number(from) + index}`);
    });
    return [...(cells.some((cell) => cell === '') ? [`${fault}: an empty cell`] : []), ...proof.filter((id) => !cited.has(id)).map((id) => `${fault}: ${id}`)];
  });
  expect(wrong).toEqual([]);
});

test('[HS3] the reading of rules and citations itself: a heading is no rule, prose is no citation', () => {
  expect(ruleIds('## FO9\n- **FO1** The fold.\n- **FO2**\ntext FO3')).toEqual(['FO1']);
  const calls = ["te" + "st('[FO1] a', f)", "te" + "st(`[FO2, FO3] b`, f)", "te" + "st.fails('[FO4][FO5] c', f)", "expect('[FO6] d')"];
  expect(citations(calls.join('\n'))).toEqual(['FO1', 'FO2', 'FO3', 'FO4', 'FO5']);
});
