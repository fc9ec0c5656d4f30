/** A store as text, so that one made by an older version can be kept beside the tests and read by people. */
import { DatabaseSync } from 'node:sqlite';

const literal = (value: unknown): string => {
  if (value === null) return 'NULL';
  if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString('hex')}'`;
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : `'${String(value).replaceAll("'", "''")}'`;
};

/** The statements that make this store again, its version included. */
export function storeAsText(file: string): string {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const tables = db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY rowid").all() as unknown as { name: string; sql: string }[];
    const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
    const rows = tables.flatMap(({ name }) =>
      db.prepare(`SELECT * FROM ${name}`).all().map((row) => `INSERT INTO ${name} VALUES (${Object.values(row).map(literal).join(', ')});`),
    );
    return [...tables.map(({ sql }) => `${sql};`), `PRAGMA user_version = ${version};`, ...rows, ''].join('\n');
  } finally {
    db.close();
  }
}

export function storeFromText(file: string, text: string): void {
  const db = new DatabaseSync(file);
  db.exec(`BEGIN; ${text} COMMIT;`);
  db.close();
}
