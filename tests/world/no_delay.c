// SPDX-License-Identifier: Apache-2.0
// Preloaded by tests to skip delays: a ppoll of one descriptor (the one that an interruption makes readable) returns at once.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <poll.h>
#include <signal.h>
#include <time.h>

typedef int (*Wait)(struct pollfd *, nfds_t, const struct timespec *, const sigset_t *);

int ppoll(struct pollfd *descriptors, nfds_t count, const struct timespec *time, const sigset_t *signals) {
  const struct timespec at_once = {0, 0};
  return ((Wait)dlsym(RTLD_NEXT, "ppoll"))(descriptors, count, count == 1 && time ? &at_once : time, signals);
}
