/** How much memory another process has, as the system sees it. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

export interface MemoryWatch {
  /** Resident bytes when the watch began. */
  readonly before: number;
  /** The most it had since; where the system keeps no such figure, what it has now. */
  peak(): number;
}

const status = (pid: number): string => `/proc/${pid}/status`;
const field = (pid: number, name: string): number => 1_024 * Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(status(pid), 'utf8'))?.[1]);

export function watchMemory(pid: number): MemoryWatch {
  if (!existsSync(status(pid))) {
    const resident = (): number => 1_024 * Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)]).toString());
    return { before: resident(), peak: resident };
  }
  // 5 makes the kernel start the high-water mark anew.
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
  return { before: field(pid, 'VmRSS'), peak: () => field(pid, 'VmHWM') };
}
