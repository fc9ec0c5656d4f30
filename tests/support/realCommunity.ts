/** A server without demo data, a first supervisor, and what they set up: two grids and a worker. */
import type { Fact } from '../../src/domain/kernel/fact.ts';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import type { AdminAct } from '../../src/protocol/identity.ts';
import { Author } from './author.ts';
import { EnrolledTablet } from './enrolled.ts';
import { startServer, type ServerProcess, type StartOptions } from './serverProcess.ts';
import { eventually, Peer, type Reachable } from './wire.ts';

export const realRoster = { community: 'c1', family: 'roster' } as const;

/** What the server printed for whoever comes first. */
export async function firstCode(server: ServerProcess): Promise<string> {
  return eventually(() => {
    const codes = [...server.output().matchAll(/\/join#([0-9A-Z]{12})/g)];
    const code = codes.at(-1)?.[1];
    if (code === undefined) throw new Error('no invitation was printed');
    return code;
  });
}

export interface RealCommunity<Server extends Reachable = Reachable> {
  readonly server: Server;
  readonly supervisor: EnrolledTablet;
}

export async function foundCommunity(options: StartOptions = {}): Promise<RealCommunity<ServerProcess>> {
  const server = await startServer({ demo: false, ...options });
  const supervisor = await EnrolledTablet.joined(server, await firstCode(server));
  await layGrids(server, supervisor, 'g1', 'g2');
  return { server, supervisor };
}

/** The supervisor states grids, as their tablet would. */
export async function layGrids(server: Reachable, supervisor: EnrolledTablet, ...codes: readonly string[]): Promise<void> {
  const author = new Author((await supervisor.ticket()).actor);
  await stateIn(server, supervisor, realRoster, author, codes.map((code) => author.fact(`grd_${code}`, 'grid', { code, name: code })));
}

export async function stateIn(server: Reachable, supervisor: EnrolledTablet, room: RoomAddress, author: Author, facts: readonly Fact[]): Promise<void> {
  const grant = await supervisor.ticket();
  const peer = await Peer.into(server, { ...room, community: grant.actor.community }, grant);
  await peer.sync();
  peer.update(author.write(...facts));
  await peer.acked(author.doc.clientID, facts.length);
  peer.end();
}

/** Invited, joined and confirmed. */
export async function enrol({ server, supervisor }: RealCommunity, { name = '李工', role = 'gridWorker', grids = ['g1'], partners = [] }: Partial<Extract<AdminAct, { act: 'invite' }>> = {}, tablet?: string): Promise<EnrolledTablet> {
  const { code = '' } = await supervisor.done({ act: 'invite', name, role, grids, partners });
  const joined = await EnrolledTablet.joined(server, code, tablet);
  await supervisor.done({ act: 'confirm', device: joined.device });
  return joined;
}
