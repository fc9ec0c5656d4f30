import { createSubscriber } from 'svelte/reactivity';

/** Anything that reports its value now (or soon) and on each change until told to stop. */
export interface LiveSource<T> {
  subscribe(run: (value: T) => void): () => void;
}

export interface Live<T> {
  /** The newest value; undefined until the first has come. */
  readonly current: T | undefined;
  /** True until the first value has come. */
  readonly loading: boolean;
}

/**
 * A live source as a rune. It is subscribed to while something on screen reads it, and not otherwise.
 * For a source that depends on a prop: `const visit = $derived(fromLive(visitById(id)))`.
 */
export function fromLive<T>(source: LiveSource<T>): Live<T> {
  // Not a $state: the value may arrive while a template is reading it, and writing a state there is an error.
  let value: T | undefined;
  let loading = true;

  const read = createSubscriber((changed) => {
    let starting = true;
    const stop = source.subscribe((next) => {
      value = next;
      loading = false;
      if (!starting) changed();
    });
    starting = false;
    return stop;
  });

  return {
    get current() {
      read();
      return value;
    },
    get loading() {
      read();
      return loading;
    },
  };
}
