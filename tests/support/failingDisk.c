/*
 * Makes chosen calls of one process fail, for tests: loaded before the C library (LD_PRELOAD).
 * LINHUO_FAULT names a file. While it exists it holds a call, `fsync` or `write`, a blank, and the end of the names of the
 * files it shall fail on. An fsync then fails with EIO and a write with ENOSPC, and each failure is a line on standard error.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int told(const char *call, int fd) {
  char wanted[64], ending[256], link[64], path[4096];
  const char *fault = getenv("LINHUO_FAULT");
  FILE *file = fault ? fopen(fault, "r") : NULL;
  if (!file) return 0;
  int read = fscanf(file, "%63s %255s", wanted, ending);
  fclose(file);
  if (read != 2 || strcmp(wanted, call)) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < (ssize_t)strlen(ending)) return 0;
  path[length] = 0;
  if (strcmp(path + length - strlen(ending), ending)) return 0;
  fprintf(stderr, "[told to fail: %s %s]\n", call, ending);
  return 1;
}

#define NEXT(name) __typeof__(name) *next = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)
#define SYNC(name) int name(int fd) { NEXT(name); if (told("fsync", fd)) { errno = EIO; return -1; } return next(fd); }
#define WRITE(name, type) ssize_t name(int fd, const void *bytes, size_t count, type at) { NEXT(name); if (told("write", fd)) { errno = ENOSPC; return -1; } return next(fd, bytes, count, at); }

SYNC(fsync)
SYNC(fdatasync)
WRITE(pwrite, off_t)
WRITE(pwrite64, off64_t)
