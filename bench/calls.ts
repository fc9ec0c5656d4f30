/** What the benches in Node ask of a bench page: every call's arguments and answers are plain data. Times are ms. */

export type Yardstick = 'pouch' | 'stock' | 'dexie';
export type System = 'ours' | Yardstick;

/** Where a synced device finds its server; `url` is used by the stock stack only, ours talks to its page's own origin. */
export interface Place {
  readonly replica: string;
  readonly seat: string;
  readonly url: string;
}

export interface ReadTimes {
  /** The newest 50 of one kind, on a query nobody has asked before. */
  readonly newest: number[];
  /** How many records of one kind there are. */
  readonly count: number[];
  /** Points of every volunteer. */
  readonly points: number[];
}

export interface FirstSync {
  /** The first list that has something in it. */
  readonly firstList: number;
  /** Every room of daily work has been filled once. */
  readonly usable: number;
  /** The last record has reached the lists. */
  readonly complete: number;
  readonly records: number;
}

export interface SavedAt {
  readonly id: string;
  /** Epoch ms with fractions, comparable between pages of one machine. */
  readonly startedAt: number;
  readonly durableAt: number;
}

export interface Edits {
  /** Doors `from`..`to` in the order of their ids; each gets `heads` = `value`. */
  readonly from: number;
  readonly to: number;
  readonly value: number;
}

export interface Content {
  readonly hash: string;
  readonly records: number;
  /** How many doors show each value of `heads`. */
  readonly shown: Readonly<Record<string, number>>;
  /** How many doors list each value of `heads` in a clash. */
  readonly listed: Readonly<Record<string, number>>;
}

export interface SearchTimes {
  readonly entries: number;
  readonly first: number;
  readonly name: number[];
  readonly pinyin: number[];
  readonly initials: number[];
}

interface TwinTimes {
  readonly fill: readonly number[];
  readonly save: readonly number[];
  readonly firstList: readonly number[];
  readonly wholeList: readonly number[];
  readonly room: readonly number[];
}
/** One tablet without a data key, one with. */
export interface SealingTimes {
  readonly clear: TwinTimes;
  readonly sealed: TwinTimes;
}

/** A file brought in, step by step. */
export interface ImportTimes {
  readonly read: number;
  readonly looked: number;
  readonly durable: number;
  /** The same file looked at once more: every row is found among what is here. */
  readonly again: number;
}

/** What every volunteer has, of a ledger of so many lines. */
export interface BalanceTimes {
  readonly lines: number;
  /** From the totals kept of each month. */
  readonly rollups: number;
  /** Every line read and folded. */
  readonly scratch: number;
  /** Of it the fold alone. */
  readonly fold: number;
}

export interface PageCalls {
  /** Fills one system's own store with `records` generated records, indexes included. */
  fill(system: Yardstick, records: number, now: number): Promise<number>;
  /** From nothing open to the first list of 50, in this fresh page. */
  coldOpen(system: Yardstick): Promise<number>;
  /** One activity with two attendances and their provisional points. */
  save(system: Yardstick, rounds: number): Promise<number[]>;
  saveOneDocument(system: Yardstick, rounds: number): Promise<number[]>;
  read(system: Yardstick, rounds: number): Promise<ReadTimes>;
  /** From the save to the list of the newest 50 that shows it. */
  live(system: Yardstick, rounds: number): Promise<number[]>;
  /** Two stores and a hub in one page: no wire. */
  pouchMerge(doors: number, edits: readonly [Edits, Edits], now: number): Promise<{ readonly ms: number; readonly contents: readonly [Content, Content] }>;
  pouchFirstSync(records: number, now: number): Promise<number>;

  stockJoin(place: Place): Promise<FirstSync>;
  stockFillDoors(doors: number): Promise<void>;
  stockFillRecords(records: number, now: number): Promise<void>;

  /** Sits down and waits until the rooms of daily work are filled and nothing has arrived for a second. */
  oursJoin(place: Place, records: number): Promise<FirstSync>;
  /** The first list needs the reader only; `whole` opens the worker beside it, as a page of the app does. */
  oursColdOpen(place: Place, whole: boolean): Promise<number>;
  oursSave(rounds: number): Promise<number[]>;
  oursRead(place: Place): Promise<ReadTimes>;
  oursLive(rounds: number): Promise<number[]>;
  /** Fetches the closed months of all families that are older than the tablet keeps by itself. @returns the records held then */
  oursFetchYears(years: number): Promise<number>;
  oursSearch(): Promise<SearchTimes>;
  searchAlone(entries: number): Promise<SearchTimes>;
  /** Points handed out for at a counter, one at a time. */
  oursRedeem(rounds: number): Promise<number[]>;
  oursBalances(place: Place): Promise<BalanceTimes>;
  oursConfirmed(): Promise<void>;
  /** Brings in so many doors from an xlsx; `startGaps` begins once the file is made. */
  oursImport(rows: number): Promise<ImportTimes>;

  /** Two tablets in this page that differ in the data key alone. */
  sealing(doors: number, visits: number, saves: number, opens: number): Promise<SealingTimes>;

  /** From here on this device notes when it first shows each new activity. */
  watch(system: 'ours' | 'stock'): Promise<void>;
  saveNow(system: 'ours' | 'stock'): Promise<SavedAt>;
  /** Waits until the activity is shown; epoch ms. */
  seenAt(id: string): Promise<number>;
  cut(system: 'ours' | 'stock', cut: boolean): Promise<void>;
  edit(system: 'ours' | 'stock', edits: Edits): Promise<number>;
  /** From here on changes of the doors are noted. */
  track(system: 'ours' | 'stock'): Promise<void>;
  /** Epoch ms of the last change that reached this device's lists. */
  lastChangeAt(system: 'ours' | 'stock'): Promise<number>;
  content(system: 'ours' | 'stock'): Promise<Content>;
  /** Waits until nothing has arrived for a second. */
  settle(system: 'ours' | 'stock'): Promise<void>;
  /** Starts sampling how long the page does not get its turn. */
  startGaps(): Promise<void>;
  /** The longest wait since then. */
  stopGaps(): Promise<number>;
  /** What went wrong where nobody was waiting. */
  troubles(): Promise<string[]>;
}

/** What `browser/watchDay.ts` leaves in the app's page as `day`. */
export interface DayWatch {
  /** Ms from the last tap until the sign was painted, by the sign's name. */
  readonly painted: Record<string, number>;
  /** Ms; since it was last set to 0, or since the page began. */
  longest: number;
}

/** Something a person waits for: the first element of that kind with that text. */
export interface Sign {
  readonly name: string;
  readonly selector: string;
  /** A regular expression. */
  readonly text: string;
}
