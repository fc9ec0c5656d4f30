/** Every import a source file makes: static, re-exported, dynamic, of a type, or a module's URL handed to a worker. */
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';

export const aliases: Readonly<Record<string, string>> = {
  $domain: 'src/domain', $protocol: 'src/protocol', $replica: 'src/replica', $exchange: 'src/exchange', $client: 'src/client', $lib: 'src/lib',
};

export interface Import {
  readonly file: string;
  /** Path from the root for our own modules, the package's name (`svelte`, `@lucide/svelte`) for others. */
  readonly target: string;
  readonly own: boolean;
  readonly typeOnly: boolean;
}

export function sourceFiles(folder: string, pattern = /\.(ts|js|mjs|svelte)$/): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : sourceFiles(path, pattern);
    return pattern.test(path) ? [path] : [];
  });
}

/** Comments quote code; what they quote is no import. Strings that contain `//` are left alone: only whole-line comments go. */
const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');

export const codeOf = (file: string): string => withoutComments(readFileSync(file, 'utf8'));

const patterns: readonly RegExp[] = [
  /\b(import|export)(\s+type)?\s[^'"`;()]*?\bfrom\s*['"]([^'"]+)['"]/g,
  /\b(import)()\s*['"]([^'"]+)['"]/g,
  /\b(import)()\s*\(\s*['"`]([^'"`]+)['"`]/g,
  /\bnew\s+(URL)()\s*\(\s*['"`]([^'"`]+)['"`]\s*,\s*import\.meta\.url/g,
];

export function importsOf(file: string, text = readFileSync(file, 'utf8')): Import[] {
  const code = withoutComments(text);
  return patterns.flatMap((pattern) =>
    [...code.matchAll(pattern)].map(([, , type, specifier = '']) => ({ file, typeOnly: type !== undefined && type.trim() === 'type', ...resolved(file, specifier) })),
  );
}

function resolved(file: string, specifier: string): { readonly target: string; readonly own: boolean } {
  const [head = '', ...rest] = specifier.split('/');
  if (specifier.startsWith('.')) return { target: posix.join(posix.dirname(file), specifier), own: true };
  if (aliases[head]) return { target: posix.join(aliases[head], ...rest), own: true };
  if (head.startsWith('$') || head.startsWith('node:') || head.startsWith('virtual:')) return { target: head, own: false };
  return { target: head.startsWith('@') ? `${head}/${rest[0] ?? ''}` : head, own: false };
}
