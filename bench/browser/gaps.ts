/** How long the page does not get its turn: a timer asks for one every few ms and notes the longest wait beyond that. */
const everyMs = 4;

let timer: ReturnType<typeof setTimeout> | undefined;
let longest = 0;

export function startGaps(): void {
  longest = 0;
  let last = performance.now();
  const turn = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last - everyMs);
    last = now;
    timer = setTimeout(turn, everyMs);
  };
  timer = setTimeout(turn, everyMs);
}

export function stopGaps(): number {
  clearTimeout(timer);
  return longest;
}
