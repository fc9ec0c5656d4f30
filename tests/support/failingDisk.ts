/** Real faults of a disk, as far as this machine lets a test make them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'linhuo-disk-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

export interface Shim {
  /** For the process whose calls shall fail. */
  readonly env: Readonly<Record<string, string>>;
  /** @param ending of the names of the files it is about */
  fail(call: 'fsync' | 'write', ending: string): void;
  heal(): void;
}

function compile(): string | undefined {
  const library = join(folder, 'failingDisk.so');
  const built = spawnSync('cc', ['-shared', '-fPIC', '-o', library, 'tests/support/failingDisk.c', '-ldl'], { stdio: 'ignore' });
  return process.platform === 'linux' && built.status === 0 ? library : undefined;
}
const library = compile();

/**
 * What a process has synced, file by file: what is sure to be left when the power goes.
 * @returns for the process's environment; undefined where no C compiler is, or no Linux
 */
export const keepingSynced = (into: string): Readonly<Record<string, string>> | undefined => (library === undefined ? undefined : { LD_PRELOAD: library, LINHUO_SYNCED: into });

/** For a process that is killed instead of making its n-th sync. @returns undefined where no C compiler is, or no Linux */
export const dyingAtSync = (nth: number): Readonly<Record<string, string>> | undefined => (library === undefined ? undefined : { LD_PRELOAD: library, LINHUO_DIES_AT_SYNC: String(nth) });

/** @returns undefined where no C compiler is, or no Linux */
export function failingCalls(): Shim | undefined {
  if (library === undefined) return undefined;
  const fault = join(mkdtempSync(join(folder, 'fault-')), 'fault');
  return {
    env: { LD_PRELOAD: library, LINHUO_FAULT: fault },
    fail: (call, ending) => writeFileSync(fault, `${call} ${ending}`),
    heal: () => rmSync(fault, { force: true }),
  };
}

export interface SmallDisk {
  readonly path: string;
  /** To the last byte. */
  fill(): void;
  makeRoom(): void;
  remove(): void;
}

/** A file system of its own. @returns undefined where this user may not mount one */
export function smallDisk(megabytes: number): SmallDisk | undefined {
  const path = mkdtempSync(join(folder, 'mount-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path], { stdio: 'ignore' });
  if (mounted.status !== 0) return undefined;
  const ballast = join(path, 'ballast');
  return {
    path,
    fill() {
      const file = openSync(ballast, 'w');
      for (let size = 65_536; size >= 1; ) if (!tookAll(file, size)) size = Math.floor(size / 2);
      closeSync(file);
    },
    makeRoom: () => rmSync(ballast),
    remove: () => void execFileSync('umount', [path]),
  };
}

function tookAll(file: number, size: number): boolean {
  try {
    return writeSync(file, Buffer.alloc(size)) === size;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return false;
    throw error;
  }
}
