/** Hocuspocus as a process of its own, as its documentation starts it: in memory, without extensions. */
import { Server } from '@hocuspocus/server';

const server = new Server({ port: Number(process.env.PORT), address: '127.0.0.1', quiet: true });
await server.listen();
console.log('running');
