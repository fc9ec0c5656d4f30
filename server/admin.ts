/** `npm run admin -- <command>`: people, devices and the log, asked of the running server as its operator. */
import { parseArgs } from 'node:util';
import { openClient } from './admin/client.ts';
import { commands, type Options } from './admin/commands.ts';
import { helpFor, helpForAll } from './admin/help.ts';
import { dataOf } from './config.ts';

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const known = { community: text, district: text, role: text, grids: text, partners: text, reason: text, csv: flag, help: flag };

function read() {
  try {
    return parseArgs({ args: process.argv.slice(2), options: known, allowPositionals: true });
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}\nnpm run admin -- --help lists what there is.`);
  }
}

const { values: { help, ...options }, positionals } = read();
/** The longest name that the words begin with. */
const command = [...commands]
  .sort((a, b) => b.name.length - a.name.length)
  .find(({ name }) => name.split(' ').every((word, index) => positionals[index] === word));

if (!command) {
  if (positionals.length > 0) fail(`${positionals.join(' ')} is no command.\n\n${helpForAll(commands)}`);
  console.log(helpForAll(commands));
  process.exit(0);
}
if (help) {
  console.log(helpFor(command));
  process.exit(0);
}

const args = positionals.slice(command.name.split(' ').length);
const foreign = Object.keys(options).find((name) => !command.options.some((each) => each === name));
if (foreign !== undefined) fail(`--${foreign} is no option of this command.\n${helpFor(command)}`);
if (args.length !== command.takes.length) fail(`This command takes ${command.takes.map((each) => `<${each}>`).join(' ') || 'nothing'}. Names with a space stand in quotes.\n${helpFor(command)}`);

const client = openClient(dataOf(process.env));
if (!client.ok) fail(client.error);
const answer = await command.run(client.value, args, options satisfies Options);
if (!answer.ok) fail(answer.error);
console.log(answer.value);

function fail(reason: string): never {
  console.error(reason);
  process.exit(1);
}
