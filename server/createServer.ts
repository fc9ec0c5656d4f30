/**
 * A whole server as a value: everything it needs is handed in, nothing is global, several can live in one process.
 *
 * - SR26 Nothing listens before the data folder is open and, in demo mode, the first community is filled.
 * - SR27 Stopping refuses new work first, then writes and acknowledges what was accepted, closes sockets with 1012
 *   ("come back"), and gives the data folder free last.
 * - SR28 A disk that fails stops the server at once and without a retry: what it holds in memory is no longer known to
 *   be true.
 * - SR50 A full disk does not stop it: nothing is acknowledged until there is space, `/healthz` says so, and the server
 *   notices by itself when there is room again, also while nobody has anything to send.
 */
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Actor } from '../src/domain/kernel/actor.ts';
import { createVerify } from './certificates/verify.ts';
import { createAuthority } from './authority/authority.ts';
import { authorityTag } from './authority/actor.ts';
import type { Config } from './config.ts';
import { createApi } from './http/api.ts';
import { createApp, type Health } from './http/app.ts';
import type { Certificate } from './http/certificate.ts';
import { createIdentityApi } from './http/identityApi.ts';
import { createOperatorApi } from './http/operatorApi.ts';
import { createPhotosApi } from './http/photosApi.ts';
import { createPeerOf } from './http/peer.ts';
import { createVerifyApi } from './http/verifyApi.ts';
import { createSecurityHeaders } from './http/securityHeaders.ts';
import { loadStaticFiles } from './http/staticFiles.ts';
import { createBundles, type Authors } from './identity/bundles.ts';
import { claimFolder, createDemoDesk } from './identity/demoDesk.ts';
import type { DemoSource } from './identity/demoSource.ts';
import { createDevices } from './identity/devices.ts';
import { createFileKeys } from './identity/fileKeys.ts';
import type { FirstInvitation } from './identity/firstRun.ts';
import { createEraser } from './erasure/eraser.ts';
import { createIdentity } from './identity/identity.ts';
import type { Community } from './identity/records.ts';
import { createTickets, type Tickets } from './identity/tickets.ts';
import { messageOf, type Log } from './log.ts';
import { createPhotos } from './photos/photos.ts';
import { socketsMax } from './rooms/limits.ts';
import { parseRoomName } from '../src/protocol/roomName.ts';
import { createRooms } from './rooms/rooms.ts';
import { createSockets } from './rooms/sockets.ts';
import type { QuarantinedUpdate, Storage, StorageError } from './storage/contract.ts';
import { restoredKey } from './storage/restore.ts';

export interface ServerOptions {
  readonly config: Pick<Config, 'host' | 'port' | 'origins' | 'app'> & Partial<Pick<Config, 'proxies' | 'offlineDays'>>;
  /** Its presence is TLS. */
  readonly certificate?: Certificate;
  /** Closed by the server when it stops. */
  readonly storage: Storage;
  readonly log: Log;
  /** Its presence is demo mode. */
  readonly demo?: DemoSource;
  /** What the first community is called when nobody has joined yet. */
  readonly community?: Pick<Community, 'name' | 'district'>;
  /** Lets the command line in, without demo mode. */
  readonly operatorToken?: string | undefined;
  readonly now?: () => number;
  /** The disk failed; the server has stopped taking work and the process should end. */
  readonly onBroken?: (error: StorageError) => void;
  readonly roomIdleMs?: number;
  /** Between two signs of life on a socket. */
  readonly beatMs?: number;
}

export interface Server {
  /** IE8: how the first supervisor comes in, known once it listens. */
  readonly firstInvitation: FirstInvitation | undefined;
  /** @returns `http://host:port`, or `https://…` @throws what the system says, e.g. `EADDRINUSE` */
  listen(): Promise<string>;
  /** From here on new connections get this one; those that are open go on. */
  renew(certificate: Certificate): void;
  stop(): Promise<void>;
}

/** Where the story of the demo starts; the other communities are filled when somebody sits down there. */
const firstCommunity = 'shuangbai';
const sweepMs = 10_000;
/** Of so many devices a line of the log says that they have not come back. */
const lackingShown = 20;
/** What a full disk must take before it counts as having room: more than the last bytes that small values still find. */
const roomProbe = { key: 'room-probe', value: ' '.repeat(262_144) };
/** Sockets in rooms, and as many again that ask over HTTP or have not said yet what they want. */
const connectionsMax = 2 * socketsMax;

/** @throws StorageError when the data folder holds the other mode's data */
export async function createServer({ config, certificate, storage, log, demo, community = { name: '第一社区', district: '成都' }, operatorToken, now = Date.now, onBroken, roomIdleMs, beatMs }: ServerOptions): Promise<Server> {
  await claimFolder(storage, demo !== undefined);
  const tickets = await createTickets(storage, now);
  const fileKeys = await createFileKeys(storage, now);
  const devices = await createDevices(storage, now);
  await devices.reserve([authorityTag]);
  const restored = await storage.get(restoredKey);
  const restoredAt = restored === undefined ? undefined : Number(restored);

  let health: Health = 'ok';
  const rooms = createRooms({
    storage, now, ...(roomIdleMs === undefined ? {} : { idleMs: roomIdleMs }),
    onFacts: (room, facts) => {
      authority.noticed(room, facts);
      eraser.noticed(room, facts);
    },
    onCommit: () => {
      if (health === 'disk full') health = 'ok';
    },
    onFault: (fault) => {
      log.error('a commit failed', { fault: fault.fault, reason: fault.message });
      if (fault.fault === 'full') health = health === 'ok' ? 'disk full' : health;
      else {
        health = 'stopping';
        onBroken?.(fault);
      }
    },
  });
  const authority = createAuthority({ storage, rooms, now, log, mayWork: (actor) => identity?.grants(actor) ?? true });
  const desk = demo && createDemoDesk({ source: demo, rooms, devices, now, onSeeded: (community) => authority.catchUp(community) });

  const identity = demo ? undefined : await createIdentity({
    storage, rooms, authority, tickets, fileKeys, now, log, isReserved: (tag) => devices.isReserved(tag) || devices.has(tag), onRights: () => sockets.recheck(),
    ...(config.offlineDays !== undefined && { offlineDays: config.offlineDays }),
  });
  const eraser = createEraser({
    storage, rooms, now, log,
    declare: (...declared) => authority.declare(...declared),
    removePhotos: (community, names) => photos.remove(community, names),
    forgetReviewed: async (room) => identity?.review.forget(room),
  });
  const heardBy = identity?.contacts ?? devices;
  const grants = identity ? (actor: Actor): boolean => identity.grants(actor) : undefined;
  /** IR1: a ticket says what was granted when it was made. */
  const goodTickets: Pick<Tickets, 'issue' | 'read'> = {
    issue: (actor) => tickets.issue(actor),
    read(ticket) {
      const claims = tickets.read(ticket);
      return claims && (grants?.(claims.actor) ?? true) ? claims : undefined;
    },
  };
  let firstInvitation: FirstInvitation | undefined;

  const background = (what: string, work: Promise<unknown>): void => {
    work.catch((error: unknown) => log.error(what, { reason: messageOf(error) }));
  };
  const quarantine = (entry: QuarantinedUpdate): void => {
    log.info('an update was refused', { room: entry.room, device: entry.device, reason: entry.reason, fact: entry.fact });
    background('a refused update could not be kept', storage.quarantine(entry));
    const address = parseRoomName(entry.room);
    if (address) authority.refused(address, entry.device, entry.bytes);
  };
  const sockets = createSockets({
    rooms, tickets: goodTickets, origins: config.origins, log, ...(grants && { grants }), ...(beatMs === undefined ? {} : { beatMs }),
    hooks: {
      now,
      heard: (device) => heardBy.heard(device),
      stillHeard: (device) => heardBy.stillHeard(device),
      opened: (actor, room) => {
        identity?.contacts.opened(actor.device, room);
        authority.contacted(actor);
      },
      lacking: (room, device, facts) => log.info('a tablet knows facts of others that are not here', { room, device, facts: Object.fromEntries([...facts].slice(0, lackingShown)) }),
      quarantine,
    },
  });
  // In demo mode nobody has joined: whom the server has once certified is believed, and nobody reviews.
  const demoAuthors: Authors = {
    standing: ({ actor }) => (devices.has(actor.device) ? actor : 'unknown'), review: () => Promise.resolve(false), note: () => Promise.resolve(),
  };
  const bundles = createBundles({ keys: fileKeys, rooms, authors: identity?.authors ?? demoAuthors, now, log, quarantine });
  const photos = createPhotos({ storage, rooms, now });
  const files = loadStaticFiles(config.app);
  const peerOf = createPeerOf(config.proxies ?? []);
  const api = createApi({
    rooms, tickets: goodTickets, demo: desk, origins: config.origins, now, peerOf, restoredAt, fileKeys, bundles,
    devices: { has: (tag) => devices.has(tag), claim: (...claim) => devices.claim(...claim), contacts: (of) => identity?.contactsOf(of) ?? devices.contacts(of) },
    identity: identity && createIdentityApi({ identity, rooms, now, peerOf, restoredAt, operator: operatorToken === undefined ? undefined : createOperatorApi(identity, operatorToken, peerOf) }),
    photos: createPhotosApi(photos),
    verify: createVerifyApi(createVerify(rooms, demo !== undefined), peerOf),
    fetched: (device, room) => identity?.contacts.opened(device, room),
  });
  const app = createApp({ files, api, health: () => health, peerOf, headersFor: createSecurityHeaders(files.shell, demo !== undefined), log });
  const patience = { headersTimeout: 5_000, requestTimeout: 30_000, keepAliveTimeout: 10_000, connectionsCheckingInterval: 2_000 };
  const https = certificate && createHttpsServer({ ...patience, handshakeTimeout: 10_000, cert: certificate.cert, key: certificate.key }, app);
  const http = https ?? createHttpServer(patience, app);
  http.maxConnections = connectionsMax;
  // A reader that takes no byte of an answer for this long is cut off; a socket that was upgraded has its own beat.
  http.setTimeout(60_000);
  http.on('upgrade', (request, socket, head) => sockets.upgrade(request, socket, head));
  // A request no parser understands: its sender gets 400 and nobody else notices.
  http.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    else socket.destroy();
  });

  async function askForRoom(): Promise<void> {
    await storage.put(roomProbe.key, roomProbe.value);
    if (health === 'disk full') health = 'ok';
    await storage.put(roomProbe.key, '');
  }

  const sweeper = setInterval(() => {
    if (health === 'disk full') background('the disk is still full', askForRoom());
    background('idle rooms could not be put away', rooms.sweep());
    background('photos that were begun could not be looked through', photos.sweep());
    background('last contacts could not be kept', heardBy.flush());
    // A day may have begun, with other rights.
    sockets.recheck();
    if (identity) background('rosters could not be looked at', identity.catchUp());
  }, sweepMs);
  sweeper.unref();

  return {
    get firstInvitation() {
      return firstInvitation;
    },
    async listen() {
      await desk?.seed(firstCommunity);
      firstInvitation = await identity?.inviteFirst(community);
      await new Promise<void>((resolve, reject) => {
        http.once('error', reject);
        http.listen(config.port, config.host, resolve);
      });
      background('erasures could not be caught up', eraser.catchUp());
      background('points could not be caught up', authority.catchUp(''));
      const address = http.address();
      const port = typeof address === 'object' && address ? address.port : config.port;
      return `${https ? 'https' : 'http'}://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
    },
    renew({ cert, key }) {
      https?.setSecureContext({ cert, key });
    },
    async stop() {
      health = 'stopping';
      clearInterval(sweeper);
      http.close();
      await eraser.stop();
      await authority.stop();
      await rooms.drained();
      await sockets.stop();
      await rooms.stop();
      http.closeAllConnections();
      await heardBy.flush();
      await storage.close();
    },
  };
}
