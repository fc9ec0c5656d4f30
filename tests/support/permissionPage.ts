/** docs/PERMISSIONS.md as it follows from the code. `npx vitest run tests/unit/domain/permission.test.ts -u` writes it anew. */
import { kinds } from '../../src/domain/kinds.ts';
import type { Kind } from '../../src/domain/kernel/kind.ts';
import { roomFamilies } from '../../src/domain/kernel/room.ts';
import { acts, doers, mayAsk, scopeOf, services, type Act, type Scope, type Service } from '../../src/domain/permission.ts';

const signs: Readonly<Record<Scope, string>> = {
  never: '–', everywhere: 'everywhere', ownGrid: 'own grid', ownGridOwnNumbers: 'own grid, own numbers', ownPartner: 'own group', ownPage: 'own page', ownService: 'own service', ownTablet: 'own tablet', forAnother: 'for another',
};
const heads = ['grid worker', 'group leader', 'supervisor', 'redemption point', 'monitor', 'district', 'authority'];

const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const cells = (act: Act, kind: Kind): string[] => doers.map((doer) => signs[scopeOf(act, kind, doer)]);
const head = (...first: readonly string[]): string[] => [row(...first, ...heads), `|${'---|'.repeat(first.length + heads.length)}`];

const every: readonly Kind[] = Object.values<Kind>(kinds);
const seen = roomFamilies.flatMap((family) => {
  const own = every.filter((kind) => kind.family === family);
  const [first] = own;
  return first ? [row(`\`${family}\``, own.map(({ name }) => name).join(', '), ...cells('see', first))] : [];
});

/** Acts that are alike for everybody share a line. */
function stated(kind: Kind): string[] {
  const lines = new Map<string, Act[]>();
  for (const act of acts.slice(1)) {
    const line = cells(act, kind).join(' | ');
    lines.set(line, [...(lines.get(line) ?? []), act]);
  }
  return [...lines].map(([line, same]) => row(`\`${kind.name}\``, same.join(', '), line));
}

const asked: Readonly<Record<Service, string>> = {
  administer: 'people, tablets, invitations, substitutions, the log and the review of the community',
  openCommunity: 'a new community, with the invitation of its first supervisor; whoever opened it has no rights in it',
};

export const permissionPage = (): string => `# Who may do what

This page is made from \`src/domain/permission.ts\` and compared with it by a test; \`npx vitest run tests/unit/domain/permission.test.ts -u\` writes it anew. Tablet and server ask the same table [PM1], every cell is tried in the domain and over the wire [PM2], and whoever may not is told why [PM3].

| cell | what it means |
|---|---|
| everywhere | everything of the person's community |
| own grid | records of the grids the person works in, a substitution included |
| own grid, own numbers | the same, and only volunteer numbers that this very tablet made |
| own group | records of the partners the person leads |
| own page | of those partners the fields a group keeps itself: services, place, note, resources |
| own service | of needs how far the service is, said in the name of a partner the person leads |
| own tablet | what stands under a grant of this very tablet |
| for another | the server, and only what somebody else has authored: seeded data, facts taken from the review |
| – | never |

Nothing reaches into another community. The authority is the server itself; no ticket carries its role.

## See

A room is read as a whole, so all kinds of a room are seen alike. A monitor sees what names no resident; a district reads summaries, no rooms.

${[...head('room', 'kinds'), ...seen].join('\n')}

## State, change, delete

*Delete* is also bringing back. A fact that changes and deletes needs both. Fields that made a record's id or room change for nobody.

${[...head('kind', 'act'), ...every.flatMap(stated)].join('\n')}

## Ask of the server

What states nothing in a room: the server does it for whoever asks, online only. Moving a person to another community is in nobody's row; the operator does it, who has no role ([OPERATIONS](OPERATIONS.md)) [IA6].

${[...head('act', 'what'), ...services.map((each) => row(`\`${each}\``, asked[each], ...doers.map((role) => (mayAsk({ role }, each) ? 'yes' : '–'))))].join('\n')}
`;
