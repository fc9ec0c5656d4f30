/**
 * A text as a table. What separates its cells is found out: whatever stands most often outside quotes in its first line.
 * Quotes as spreadsheets write them; one inside an unquoted cell is a character like any other.
 */
const separators = [',', '\t', ';', '，'] as const;

/** What `toCsv` puts before a cell that a spreadsheet would run (EX2) is taken away again. */
const guarded = /^'(?=[=+\-@\t\r＝＋－＠])/;

function separatorOf(text: string): string {
  const counts = new Map<string, number>();
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && character === '\n' && counts.size > 0) break;
    else if (!quoted && (separators as readonly string[]).includes(character)) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? ',';
}

/** Where a quoted cell that begins at `from` ends: at its closing quote, or with the text if nothing closes it. */
function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at !== -1; at = text.indexOf('"', at + 2)) if (text[at + 1] !== '"') return at;
  return text.length;
}

export function fromCsv(text: string): string[][] {
  const separator = separatorOf(text);
  const plain = new RegExp(`[${separator}\r\n]`, 'g');
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at <= text.length) {
    let cell = '';
    if (text[at] === '"') {
      const end = closingQuote(text, at + 1);
      cell = text.slice(at + 1, end).replaceAll('""', '"');
      at = end + 1;
    }
    // What stands behind a closing quote belongs to the cell, too.
    plain.lastIndex = at;
    const end = plain.exec(text)?.index ?? text.length;
    row.push((cell + text.slice(at, end)).replace(guarded, ''));
    at = end + 1;
    if (text[end] === separator) continue;
    if (text[end] === '\r' && text[at] === '\n') at += 1;
    rows.push(row);
    row = [];
  }
  return rows;
}
