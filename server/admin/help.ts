/** What `--help` says, made of the commands' own declarations. */
import type { Command, Options } from './commands.ts';

const meanings: Readonly<Record<keyof Options, string>> = {
  community: '--community <slug>   which one; may be left out while there is one',
  district: '--district <name>    成都 unless said otherwise',
  role: '--role <role>        supervisor unless said otherwise',
  grids: '--grids g1,g2        grids of a grid worker',
  partners: '--partners par_…     groups of a group leader',
  reason: '--reason <words>     stands in the audit log',
  csv: '--csv                for a spreadsheet',
};

const callOf = ({ name, takes }: Command): string => [name, ...takes.map((each) => `<${each}>`)].join(' ');

export function helpFor(command: Command): string {
  return [`npm run admin -- ${callOf(command)}`, `  ${command.says}`, ...command.options.map((option) => `  ${meanings[option]}`)].join('\n');
}

export function helpForAll(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => callOf(command).length));
  return [
    'npm run admin -- <command>, beside the running server. LINHUO_DATA names its data folder.',
    '',
    ...commands.map((command) => `  ${callOf(command).padEnd(width)}  ${command.says}`),
    '',
    'npm run admin -- <command> --help says more of one.',
  ].join('\n');
}
