/** A child process that appends to a SQLite storage until it is killed, and prints each head once it is durable. */
import { openSqliteStorage } from '../../server/storage/sqlite.ts';

const [file = '', room = ''] = process.argv.slice(2);
const storage = openSqliteStorage(file);
let { head } = await storage.openRoom(room);
for (;;) {
  const texts = Array.from({ length: 1 + (head % 5) }, (_, index) => `update ${head + index + 1} ${'x'.repeat(200)}`);
  const updates = texts.map((text) => ({ bytes: new TextEncoder().encode(text), device: 'lidev', person: 'per_li', at: 0 }));
  // Two rooms in one batch: neither may be found without the other.
  await storage.append([{ room, after: head, updates, clients: [] }, { room: `${room}-twin`, after: head, updates, clients: [] }]);
  head += updates.length;
  process.stdout.write(`${head}\n`);
}
