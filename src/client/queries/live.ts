/** Live values made from live values. They subscribe to their sources while somebody listens, and not otherwise. */
import type { Live } from '../../replica/contract.ts';

export const always = <T>(value: T): Live<T> => ({
  subscribe(run) {
    run(value);
    return () => undefined;
  },
});

export const map = <T, U>(source: Live<T>, change: (value: T) => U): Live<U> => ({
  subscribe: (run) => source.subscribe((value) => run(change(value))),
});

type Values<Sources extends Readonly<Record<string, Live<unknown>>>> = {
  readonly [Name in keyof Sources]: Sources[Name] extends Live<infer T> ? T : never;
};

/** Reports once every source has reported, then on each change of any. What `make` is given is new each time: a value that stays the same object looks unchanged to a screen. */
export function combine<Sources extends Readonly<Record<string, Live<unknown>>>, U>(sources: Sources, make: (values: Values<Sources>) => U): Live<U> {
  const names = Object.keys(sources);
  return {
    subscribe(run) {
      const values: Record<string, unknown> = {};
      const stops = names.map((name) =>
        (sources[name] as Live<unknown>).subscribe((value) => {
          values[name] = value;
          if (names.every((each) => each in values)) run(make({ ...values } as Values<Sources>));
        }),
      );
      return () => stops.forEach((stop) => stop());
    },
  };
}

/** For a source that follows from another's value, e.g. the partners of a list of activities. Not named "then": a module with such an export passes for a promise. */
export const chain = <T, U>(source: Live<T>, next: (value: T) => Live<U>): Live<U> => ({
  subscribe(run) {
    let stopInner = (): void => undefined;
    const stop = source.subscribe((value) => {
      stopInner();
      stopInner = next(value).subscribe(run);
    });
    return () => {
      stop();
      stopInner();
    };
  },
});

/** `many` of the reader asks again with each new list; the same ids in the same order must not. */
export function distinct<T>(source: Live<T>, same: (a: T, b: T) => boolean): Live<T> {
  return {
    subscribe(run) {
      let last: { readonly value: T } | undefined;
      return source.subscribe((value) => {
        if (last && same(last.value, value)) return;
        last = { value };
        run(value);
      });
    },
  };
}

export const sameList = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((each, index) => each === b[index]);

/** Several lists as one. */
export const joined = <T>(sources: readonly Live<readonly T[]>[]): Live<readonly T[]> =>
  sources.length === 0
    ? always([])
    : combine(Object.fromEntries(sources.map((source, index) => [String(index), source])), (lists) => Object.values(lists).flat());

/** The first report, for whoever asks once. */
export const once = <T>(live: Live<T>): Promise<T> =>
  new Promise((resolve) => {
    let done = false;
    let stop: (() => void) | undefined;
    stop = live.subscribe((value) => {
      done = true;
      resolve(value);
      stop?.();
    });
    // It may have reported before there was anything to stop.
    if (done) stop();
  });
