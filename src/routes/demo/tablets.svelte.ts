/** The three tablets of the demo page: who sits at each, whether its wire is cut, and how it says it stands. */
import { fetchSeats, forgetSeatOf, rememberSeatOf, type Seat } from '$client/seat.ts';
import { isReport, type WireOrder, type WireReport } from '../demoWire.ts';

const place = 'linhuo-demo-round';

export interface DemoTablet {
  /** The frame's name makes its replica one of its own. */
  readonly frame: string;
  readonly seat: Seat;
  /** The page it opens with. */
  readonly path: string;
  readonly cuttable: boolean;
}

/** A number that no earlier visit used: new tablets are new databases, nothing has to be erased first. */
const nextRound = (): string => Date.now().toString(36);

function roundNow(): string {
  const known = localStorage.getItem(place) ?? nextRound();
  localStorage.setItem(place, known);
  return known;
}

/** Grid worker, group leader and office of the first community that has all three. */
function cast(seats: readonly Seat[]): readonly [Seat, Seat, Seat] | undefined {
  for (const [, own] of Map.groupBy(seats, (seat) => seat.community)) {
    const [worker, leader, office] = (['gridWorker', 'groupLeader', 'supervisor'] as const).map((role) => own.find((seat) => seat.role === role));
    if (worker && leader && office) return [worker, leader, office];
  }
  return undefined;
}

function tabletsOf([worker, leader, office]: readonly [Seat, Seat, Seat], round: string): DemoTablet[] {
  const shared = `/partners/${leader.partners[0] ?? ''}/latest`;
  return [
    { frame: `linhuo:tablet-a-${round}`, seat: worker, path: shared, cuttable: true },
    { frame: `linhuo:tablet-b-${round}`, seat: leader, path: shared, cuttable: true },
    { frame: `linhuo:supervisor-${round}`, seat: office, path: '/inbox', cuttable: false },
  ];
}

const tabletOf = (frame: string): string => frame.slice('linhuo:'.length);

export function createDemo() {
  let tablets = $state.raw<readonly DemoTablet[] | 'loading' | 'offline' | 'none'>('loading');
  let cuts = $state<Record<string, boolean>>({});
  let reports = $state.raw<Readonly<Record<string, WireReport>>>({});
  const windows = new Map<string, Window>();

  const order = (frame: string): void =>
    windows.get(frame)?.postMessage({ type: 'linhuo:wire', cut: cuts[frame] === true } satisfies WireOrder, location.origin);

  function hear(event: MessageEvent<unknown>): void {
    if (event.origin !== location.origin || !isReport(event.data)) return;
    const frame = [...windows].find(([, own]) => own === event.source)?.[0];
    if (frame === undefined) return;
    reports = { ...reports, [frame]: event.data };
    // A frame that was loaded anew knows nothing of its cut wire yet.
    if ((event.data.status.link === 'cut') !== (cuts[frame] === true)) order(frame);
  }

  async function open(round = roundNow()): Promise<void> {
    tablets = 'loading';
    const seats = await fetchSeats();
    const people = typeof seats === 'string' ? undefined : cast(seats);
    if (!people) {
      tablets = seats === 'offline' ? 'offline' : 'none';
      return;
    }
    const made = tabletsOf(people, round);
    for (const { frame, seat } of made) rememberSeatOf(tabletOf(frame), seat);
    tablets = made;
  }

  return {
    get tablets() {
      return tablets;
    },
    hear,
    open,
    isCut: (frame: string): boolean => cuts[frame] === true,
    reportOf: (frame: string): WireReport | undefined => reports[frame],
    attach: (frame: string, own: Window | null): void => void (own && windows.set(frame, own)),
    cut(frames: readonly string[], cut: boolean): void {
      for (const frame of frames) {
        cuts[frame] = cut;
        order(frame);
      }
    },
    /** Three brand-new tablets. Those before are taken off the table and their stores deleted. */
    async startOver(): Promise<void> {
      const old = typeof tablets === 'string' ? [] : tablets.map(({ frame }) => tabletOf(frame));
      const round = nextRound();
      localStorage.setItem(place, round);
      cuts = {};
      reports = {};
      windows.clear();
      await open(round);
      for (const tablet of old) forgetSeatOf(tablet);
      for (const { name } of await indexedDB.databases()) if (name && old.some((tablet) => name.includes(tablet))) indexedDB.deleteDatabase(name);
    },
  };
}

export type Demo = ReturnType<typeof createDemo>;
