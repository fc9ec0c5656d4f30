/** A search box over the replica's index: names, pinyin, initials, numbers, without a network. */
export interface Searching {
  text: string;
  /** Ids, best first; undefined while nothing is asked. */
  readonly ids: readonly string[] | undefined;
}

export function searching(find: (text: string) => Promise<readonly string[]>): Searching {
  let text = $state('');
  let ids = $state.raw<readonly string[]>();
  let turn = 0;

  async function look(wanted: string): Promise<void> {
    const asked = ++turn;
    const found = wanted === '' ? undefined : await find(wanted);
    // An answer overtaken by later typing is dropped.
    if (asked === turn) ids = found;
  }

  return {
    get text() {
      return text;
    },
    set text(next) {
      text = next;
      void look(next.trim());
    },
    get ids() {
      return ids;
    },
  };
}
