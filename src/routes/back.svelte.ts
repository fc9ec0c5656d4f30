/** "Back" goes where one came from while that was in this app; opened from a link, it goes up to the list. */
import { afterNavigate, goto } from '$app/navigation';

let steps = 0;

/** Called once by the root layout. */
export function followSteps(): void {
  afterNavigate(({ type, delta }) => {
    if (type === 'enter') steps = 0;
    else if (type === 'popstate') steps = Math.max(0, steps + (delta ?? -1));
    else steps += 1;
  });
}

/** Goes on in the place of this page: "back" from there leads where it led from here. */
export async function goInstead(address: string | URL, options: { readonly keepFocus?: boolean; readonly noScroll?: boolean } = {}): Promise<void> {
  await goto(address, { ...options, replaceState: true });
  // It was counted as a step when it came.
  steps = Math.max(0, steps - 1);
}

export function goBack(fallback: string): void {
  if (steps > 0) history.back();
  else void goInstead(fallback);
}
