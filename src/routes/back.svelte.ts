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

export function goBack(fallback: string): void {
  if (steps > 0) history.back();
  else void goto(fallback, { replaceState: true });
}
