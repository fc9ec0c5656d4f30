/**
 * A small disk for one process, to be filled to its last byte: a tmpfs in a mount namespace of the process's own, so that no
 * rights are needed where the kernel lets users have namespaces, and nothing is left when the process ends.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface SmallDisk {
  /** The command line that runs `command` with the disk at the folder. */
  wrap(command: readonly string[]): readonly string[];
  /** Takes what is free now, to the last byte. @param pid of the process the wrapped command became */
  fill(pid: number): void;
  /** Gives back what `fill` took. */
  free(pid: number): void;
}

/** @returns undefined where a process may not have a disk of its own: no Linux, or namespaces are kept from users */
export function smallDisk(folder: string, megabytes: number): SmallDisk | undefined {
  mkdirSync(folder, { recursive: true });
  const mount = `mount -t tmpfs -o size=${megabytes}m none '${folder}'`;
  if (spawnSync('unshare', ['-rm', 'sh', '-c', mount]).status !== 0) return undefined;
  const filler = (pid: number, count: number): string => join(`/proc/${pid}/root${folder}`, `filler-${count}`);
  let files = 0;
  return {
    wrap: (command) => ['unshare', '-rm', 'sh', '-c', `${mount} && exec "$@"`, 'sh', ...command],
    fill(pid) {
      const file = openSync(filler(pid, files), 'w');
      files += 1;
      for (let size = 1 << 20; size >= 1; size >>= 1) while (fits(file, size));
      closeSync(file);
    },
    free(pid) {
      for (; files > 0; files -= 1) rmSync(filler(pid, files - 1));
    },
  };
}

function fits(file: number, size: number): boolean {
  try {
    return writeSync(file, Buffer.alloc(size)) === size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false;
    throw error;
  }
}
