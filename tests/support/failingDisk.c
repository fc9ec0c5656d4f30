/*
 * Makes chosen calls of one process fail, for tests: loaded before the C library (LD_PRELOAD).
 * LINHUO_FAULT names a file. While it exists it holds a call, `fsync` or `write`, a blank, and the end of the names of the
 * files it shall fail on. An fsync then fails with EIO and a write with ENOSPC, and each failure is a line on standard error.
 * LINHUO_DIES_AT_SYNC is the number of the sync at which the process is killed instead.
 * LINHUO_SYNCED names a folder. It holds each file as it was when it was last synced: what a power cut is sure to leave.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

/* The copy has its name only when it is whole: the process may be killed in the middle of it. */
static void keep(int fd) {
  const char *folder = getenv("LINHUO_SYNCED");
  char link[64], path[4096], half[4600], whole[4600], buffer[65536];
  struct stat about;
  if (!folder || fstat(fd, &about) || !S_ISREG(about.st_mode)) return;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return;
  path[length] = 0;
  const char *name = strrchr(path, '/') + 1;
  snprintf(half, sizeof half, "%s/.%s", folder, name);
  snprintf(whole, sizeof whole, "%s/%s", folder, name);
  int copy = open(half, O_CREAT | O_TRUNC | O_WRONLY, 0600);
  ssize_t got;
  for (off_t at = 0; (got = pread(fd, buffer, sizeof buffer, at)) > 0; at += got)
    if (write(copy, buffer, got) != got) abort();
  close(copy);
  if (rename(half, whole)) abort();
}

#define NEXT(name) __typeof__(name) *next = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)
#define SYNC(name) int name(int fd) { NEXT(name); count(); if (told("fsync", fd)) { errno = EIO; return -1; } int result = next(fd); if (!result) keep(fd); return result; }
#define WRITE(name, type) ssize_t name(int fd, const void *bytes, size_t count, type at) { NEXT(name); if (told("write", fd)) { errno = ENOSPC; return -1; } return next(fd, bytes, count, at); }

static void count(void) {
  static int syncs = 0;
  const char *last = getenv("LINHUO_DIES_AT_SYNC");
  if (last && ++syncs == atoi(last)) kill(getpid(), SIGKILL);
}

/* SQLite syncs the folder after it has removed a journal, so what is removed here is gone there. */
int unlink(const char *path) {
  NEXT(unlink);
  int result = next(path);
  const char *folder = getenv("LINHUO_SYNCED"), *name = strrchr(path, '/');
  char copy[4600];
  if (!result && folder && name) {
    snprintf(copy, sizeof copy, "%s%s", folder, name);
    next(copy);
  }
  return result;
}

SYNC(fsync)
SYNC(fdatasync)
WRITE(pwrite, off_t)
WRITE(pwrite64, off64_t)
