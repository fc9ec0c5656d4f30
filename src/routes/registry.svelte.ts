/** What the server says of people and tablets, asked again every few seconds while a page shows it. */
import { untrack } from 'svelte';
import { createAdmin, type AdminAct, type AdminFailure, type Registry } from '$client/admin.ts';
import type { Session } from '$client/session.ts';
import { admin as words } from '$lib/i18n/words/admin.ts';

const everyMs = 4_000;

export type Acted = { readonly ok: true; readonly code?: string | undefined; readonly expiresAt?: number | undefined } | { readonly ok: false; readonly why: string };

export interface Registered {
  readonly current: Registry | undefined;
  readonly failure: AdminFailure | undefined;
  /** When `current` was true, epoch ms. */
  readonly asOf: number | undefined;
  refresh(): Promise<void>;
  /** Does it and shows what came of it; the reason why not is in words. */
  act(act: AdminAct): Promise<Acted>;
}

const sayFailure = (failure: string): string => words.notDone[failure] ?? words.refusals[failure] ?? failure;

/** Now, and every few seconds while somebody looks. Call it while a component is made. */
export function askAgain(ask: () => Promise<void>): void {
  $effect(() => {
    untrack(() => void ask());
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void ask();
    }, everyMs);
    return () => clearInterval(timer);
  });
}

/** Call it while a component is made. */
export function useRegistry(session: Session): Registered {
  const admin = createAdmin(session.calls);
  let current = $state.raw<Registry>();
  let failure = $state.raw<AdminFailure>();
  let asOf = $state<number>();

  async function refresh(): Promise<void> {
    const answer = await admin.registry();
    if (answer.ok) {
      current = answer.value;
      asOf = Date.now();
    }
    // Whoever lost the right to see it sees it no more.
    else if (answer.error === 'barred') current = undefined;
    failure = answer.ok ? undefined : answer.error;
  }

  askAgain(refresh);

  return {
    get current() {
      return current;
    },
    get asOf() {
      return asOf;
    },
    get failure() {
      return failure;
    },
    refresh,
    async act(act) {
      const answer = await admin.act(act);
      await refresh();
      return answer.ok ? { ok: true, code: answer.value.code, expiresAt: answer.value.expiresAt } : { ok: false, why: sayFailure(answer.error) };
    },
  };
}
