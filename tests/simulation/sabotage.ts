/**
 * Bugs that a run can be given on purpose: each checker has to see one, or it proves nothing. Off unless a test of the
 * checkers turns one on. Imports nothing, because everything passes through here.
 */
export type Bug =
  /** One live frame in thirty to a tablet is lost although its socket lives. */
  | 'lossyWire'
  /** Acknowledgements never arrive. */
  | 'noAcknowledgements'
  /** The server's disk says "written" before it has written. */
  | 'serverDiskLies'
  /** A tablet's disk says "complete" before it has written. */
  | 'tabletDiskLies'
  /** The last fact to arrive wins every field. */
  | 'foldByArrival'
  /** The authority never takes an entry back. */
  | 'stubbornAuthority'
  /** The server never makes a room anew. */
  | 'deafEraser'
  /** The server lets everybody into every room. */
  | 'openDoors'
  /** The server takes every fact for allowed. */
  | 'blindGate'
  /** A counter takes off what the ledger has booked, and not what it has stated since. */
  | 'cachedLeft'
  /** The authority books what is not held as if it were. */
  | 'generousAuthority'
  /** The tablet takes for confirmed what it has merely sent. */
  | 'sentIsConfirmed'
  /** The badge says that nothing waits. */
  | 'badgeLies'
  /** The wire tosses a coin that no seed knows. */
  | 'unseeded';

class Sabotage {
  bug: Bug | undefined;

  is(bug: Bug): boolean {
    return this.bug === bug;
  }
}

export const sabotage = new Sabotage();
