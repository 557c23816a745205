// SPDX-License-Identifier: Apache-2.0
//
// Times a command from before it is started until it has ended, in nanoseconds, without what a
// shell or a JVM takes to start a process.
//
//   stopwatch [--netns NAME] [--in FILE] [--out FILE] -- COMMAND [ARGUMENT...]
//   stopwatch --counter
//
//   --netns NAME   run it in this network namespace of `ip netns`; entering it is not timed
//   --in FILE      its standard input (default: /dev/null)
//   --out FILE     its standard output (default: /dev/null)
//   --counter      run nothing; print how fast the processor's time stamp counter counts, in kHz
//
// Prints the time. Exit status: the command's; 128 + n after signal n; 2 for a wrong call or a
// command that cannot be run.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

extern char **environ;

static void fail(const char *what, int error) {
  fprintf(stderr, "stopwatch: %s: %s\n", what, strerror(error));
  exit(2);
}

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

// The median of some tries: on a busy machine one can be off.
static int by_size(const void *left, const void *right) {
  long long a = *(const long long *)left, b = *(const long long *)right;
  return (a > b) - (a < b);
}

static long long counter_khz(void) {
  enum { TRIES = 15 };
  long long khz[TRIES];
  for (int i = 0; i < TRIES; i++) {
    long long from = now();
    unsigned long long count = __rdtsc();
    struct timespec pause = {.tv_nsec = 20000000};
    nanosleep(&pause, NULL);
    long long to = now();
    khz[i] = (long long)((__rdtsc() - count) * 1000000.0 / (double)(to - from));
  }
  qsort(khz, TRIES, sizeof *khz, by_size);
  return khz[TRIES / 2];
}

static void enter(const char *namespace) {
  char path[256];
  snprintf(path, sizeof path, "/run/netns/%s", namespace);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0 || setns(fd, CLONE_NEWNET) != 0) fail(path, errno);
  close(fd);
}

int main(int count, char **arguments) {
  const char *in = "/dev/null", *out = "/dev/null";
  int i = 1;
  if (count == 2 && strcmp(arguments[1], "--counter") == 0) {
    printf("%lld\n", counter_khz());
    return 0;
  }
  for (; i + 1 < count && strcmp(arguments[i], "--") != 0; i += 2) {
    if (strcmp(arguments[i], "--netns") == 0) enter(arguments[i + 1]);
    else if (strcmp(arguments[i], "--in") == 0) in = arguments[i + 1];
    else if (strcmp(arguments[i], "--out") == 0) out = arguments[i + 1];
    else break;
  }
  if (i + 1 >= count || strcmp(arguments[i], "--") != 0) {
    fputs("Usage: stopwatch [--netns NAME] [--in FILE] [--out FILE] -- COMMAND [ARGUMENT...]\n", stderr);
    return 2;
  }
  char **command = arguments + i + 1;

  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  int error = posix_spawn_file_actions_addopen(&files, STDIN_FILENO, in, O_RDONLY, 0);
  if (error == 0) {
    error = posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, out, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  }
  if (error != 0) fail("files", error);

  long long from = now();
  pid_t child;
  error = posix_spawnp(&child, command[0], &files, NULL, command, environ);
  if (error != 0) fail(command[0], error);
  int status;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) fail("waitpid", errno);
  }
  long long took = now() - from;

  printf("%lld\n", took);
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
