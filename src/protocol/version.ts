/**
 * The version both ends must share. Bump it when a tablet of the old version could misread a room or a message;
 * `tests/unit/protocol/version.test.ts` holds a hash of the schemas and goes red when they move without a bump.
 *
 * 1 — rooms of facts, tickets as subprotocol, acknowledgement 100, refusal 101.
 *
 * Deploy the server first: it speaks every version it lists, tablets update when their person agrees.
 */
export const protocolVersion = 1;
/** Offered as WebSocket subprotocol, before the ticket. */
export const subprotocol = `linhuo.v${protocolVersion}`;
