/** The commands of `npm run admin`, declared once: what each takes, what it says of itself, what it does. */
import * as v from 'valibot';
import { err, ok, type Result } from '../../src/domain/kernel/result.ts';
import { actAnswerSchema, adminActSchema, communityRoles, newPinMinutes, registrySchema, reviewSchema, type AdminAct } from '../../src/protocol/identity.ts';
import { auditRecordSchema, communitySchema } from '../identity/records.ts';
import type { Client, Trouble } from './client.ts';
import { csv, table, timeOf } from './table.ts';

export interface Options {
  readonly community?: string | undefined;
  readonly district?: string | undefined;
  readonly role?: string | undefined;
  readonly grids?: string | undefined;
  readonly partners?: string | undefined;
  readonly reason?: string | undefined;
  readonly csv?: boolean | undefined;
}

export interface Command {
  /** Words as they are typed, and what follows them. */
  readonly name: string;
  readonly takes: readonly string[];
  readonly options: readonly (keyof Options)[];
  readonly says: string;
  run(client: Client, args: readonly string[], options: Options): Promise<Result<string, Trouble>>;
}

const done = v.object({ ok: v.literal(true) });
const communitiesSchema = v.array(communitySchema);
const list = (text: string | undefined): string[] => (text ?? '').split(',').map((each) => each.trim()).filter((each) => each !== '');

/** The one named, or the only one there is. */
async function communityOf(client: Client, { community }: Options): Promise<Result<string, Trouble>> {
  if (community !== undefined) return ok(community);
  const communities = await client.ask({ ask: 'communities' }, communitiesSchema);
  if (!communities.ok) return communities;
  const [only, ...more] = communities.value;
  if (only && more.length === 0) return ok(only.slug);
  return err(`Say which community: --community ${communities.value.map(({ slug }) => slug).join(' or ')}.`);
}

/** An act as it was typed. @param what the sentence for the terminal */
async function act(client: Client, options: Options, wanted: Record<string, unknown>, what: string): Promise<Result<string, Trouble>> {
  const community = await communityOf(client, options);
  if (!community.ok) return community;
  const parsed = v.safeParse(adminActSchema, wanted);
  if (!parsed.success) return err(`This can not be understood: ${String(v.getDotPath(parsed.issues[0]) ?? '')} ${parsed.issues[0].message}.`);
  const answer = await client.ask({ ask: 'act', community: community.value, act: parsed.output satisfies AdminAct }, actAnswerSchema);
  if (!answer.ok) return answer;
  const { code, person, expiresAt } = answer.value;
  if (code === undefined) return ok(what);
  return ok([`${what} Open this link on the tablet, once, until ${timeOf(expiresAt)}:`, `  ${client.origin}/join#${code}`, `  person ${person ?? ''}`].join('\n'));
}

async function registry(client: Client, options: Options) {
  const community = await communityOf(client, options);
  return community.ok ? client.ask({ ask: 'registry', community: community.value }, registrySchema) : community;
}

const reasonOf = ({ reason }: Options): string => reason ?? 'by the operator';

export const commands: readonly Command[] = [
  {
    name: 'communities', takes: [], options: [], says: 'the communities of this server',
    async run(client) {
      const communities = await client.ask({ ask: 'communities' }, communitiesSchema);
      return communities.ok ? ok(table(['community', 'name', 'district'], communities.value.map(({ slug, name, district }) => [slug, name, district]))) : communities;
    },
  },
  {
    name: 'communities add', takes: ['slug', 'name'], options: ['district'], says: 'make a community; its slug stands in room names and never changes',
    async run(client, [slug = '', name = ''], { district = '成都' }) {
      const added = await client.ask({ ask: 'addCommunity', slug, name, district }, done);
      return added.ok ? ok(`Made ${slug}. Next: npm run admin -- invite <name> --community ${slug}`) : added;
    },
  },
  {
    name: 'invite', takes: ['name'], options: ['community', 'role', 'grids', 'partners'],
    says: `invite somebody new, as supervisor unless --role says ${communityRoles.filter((role) => role !== 'supervisor').join(', ')}; grids and partners with commas between`,
    run: (client, [name = ''], options) =>
      act(client, options, { act: 'invite', name, role: options.role ?? 'supervisor', grids: list(options.grids), partners: list(options.partners) }, `Invited ${name}.`),
  },
  {
    name: 'invite again', takes: ['person'], options: ['community'], says: 'another tablet for somebody who works here already',
    run: (client, [person = ''], options) => act(client, options, { act: 'inviteAgain', person }, `Invited ${person} again.`),
  },
  {
    name: 'confirm', takes: ['device'], options: ['community'], says: 'the six digits of this device are the same on its screen: let it in',
    run: (client, [device = ''], options) => act(client, options, { act: 'confirm', device }, `${device} works from now on.`),
  },
  {
    name: 'people', takes: [], options: ['community'], says: 'who works in a community',
    async run(client, _args, options) {
      const known = await registry(client, options);
      if (!known.ok) return known;
      const rows = known.value.people.map(({ id, name, role, grids, partners, active, since }) => [id, name, role, [...grids, ...partners].join(' '), active ? 'works' : 'has left', timeOf(since)]);
      return ok(table(['person', 'name', 'role', 'grids and groups', '', 'since'], rows));
    },
  },
  {
    name: 'devices', takes: [], options: ['community'], says: 'the tablets of a community, and what they still hold',
    async run(client, _args, options) {
      const known = await registry(client, options);
      if (!known.ok) return known;
      const names = new Map(known.value.people.map(({ id, name }) => [id, name]));
      const rows = known.value.devices.map(({ tag, tablet, label, person, state, digits, lastContactAt, unsent, wipedAt }) => [
        tag, tablet, label, names.get(person) ?? person, wipedAt === undefined ? state : `${state}, wiped`, digits ?? '', timeOf(lastContactAt), String(unsent.saved + unsent.refused),
      ]);
      return ok(table(['device', 'tablet', 'calls itself', 'person', 'state', 'digits', 'last heard', 'unsent'], rows));
    },
  },
  {
    name: 'move', takes: ['person', 'to'], options: ['community', 'role', 'grids', 'partners', 'reason'],
    says: 'move somebody, with their tablets, to another community; with the role they have unless --role says another',
    async run(client, [person = '', to = ''], options) {
      const known = await registry(client, options);
      if (!known.ok) return known;
      const role = options.role ?? known.value.people.find(({ id }) => id === person)?.role ?? 'gridWorker';
      const rights = { role, grids: list(options.grids), partners: list(options.partners) };
      return act(client, options, { act: 'movePerson', person, community: to, ...rights, reason: reasonOf(options) } as AdminAct, `${person} works in ${to} from now on.`);
    },
  },
  {
    name: 'revoke device', takes: ['device'], options: ['community', 'reason'], says: 'end one device: its sockets close now, it hands over what it holds',
    run: (client, [device = ''], options) => act(client, options, { act: 'revokeDevice', device, reason: reasonOf(options) }, `${device} may not work any more.`),
  },
  {
    name: 'revoke person', takes: ['person'], options: ['community', 'reason'], says: 'end somebody\'s work here, with all of their devices',
    run: (client, [person = ''], options) => act(client, options, { act: 'endPerson', person, reason: reasonOf(options) }, `${person} may not work here any more.`),
  },
  {
    name: 'lost', takes: ['tablet'], options: ['community', 'reason'], says: 'a tablet is lost: every seat on it is ended, and wiped at its next contact',
    async run(client, [tablet = ''], options) {
      const lost = await act(client, options, { act: 'lostTablet', tablet, reason: reasonOf(options) }, `The tablet ${tablet} is declared lost. It held:`);
      const known = lost.ok ? await registry(client, options) : lost;
      if (!lost.ok || !known.ok) return lost.ok ? err(`${lost.value} that can not be read now.`) : lost;
      const rows = known.value.devices.filter((device) => device.tablet === tablet).flatMap(({ tag, rooms }) => rooms.map(({ room, at }) => [tag, room, timeOf(at)]));
      return ok(`${lost.value}\n${table(['device', 'room', 'last opened'], rows)}`);
    },
  },
  {
    name: 'allow new pin', takes: ['device'], options: ['community'], says: `whoever forgot the PIN of this device may set another, within ${newPinMinutes} minutes and once`,
    run: (client, [device = ''], options) => act(client, options, { act: 'allowNewPin', device }, `${device} may set a new PIN within ${newPinMinutes} minutes, once.`),
  },
  {
    name: 'review', takes: [], options: ['community'], says: 'what ended devices handed over and nobody has taken or dropped yet',
    async run(client, _args, options) {
      const community = await communityOf(client, options);
      const review = community.ok ? await client.ask({ ask: 'review', community: community.value }, reviewSchema) : community;
      if (!review.ok) return review;
      return ok(table(['fact', 'room', 'person', 'received', 'ended'], review.value.map(({ fact, room, person, receivedAt, endedAt }) => [fact, room, person, timeOf(receivedAt), timeOf(endedAt)])));
    },
  },
  {
    name: 'audit', takes: [], options: ['community', 'csv'], says: 'who did what; --csv prints every line for a spreadsheet, with the hashes that chain them',
    async run(client, _args, options) {
      const log = await client.ask({ ask: 'audit' }, v.array(auditRecordSchema));
      if (!log.ok) return log;
      const lines = log.value.filter(({ community }) => options.community === undefined || community === options.community);
      if (!options.csv) return ok(table(['line', 'when', 'community', 'by', 'did', 'on'], lines.map(({ seq, at, community, by, act: did, on }) => [String(seq), timeOf(at), community, by, did, on])));
      const rows = lines.map(({ seq, at, community, by, act: did, on, detail, hash }) => [String(seq), new Date(at).toISOString(), community, by, did, on, JSON.stringify(detail), hash]);
      return ok(csv(['line', 'at', 'community', 'by', 'act', 'on', 'detail', 'hash'], rows).trimEnd());
    },
  },
];
