/**
 * X1 A table as a text that spreadsheets open as it is: UTF-8 with a byte order mark, CRLF. A cell that a spreadsheet would
 * take for a formula starts with an apostrophe.
 */
const formula = /^[=+\-@\t\r]/;

const cell = (value: string): string => {
  const safe = formula.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

export const toCsv = (rows: readonly (readonly string[])[]): string => `\uFEFF${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
