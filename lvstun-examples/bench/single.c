// SPDX-License-Identifier: Apache-2.0
//
// The floor's messages as clients without batches send them, moby/ipvs among them: one message a
// send, with an acknowledgement that is awaited before the next one, and every answer received into
// one buffer of 64 KiB. What it takes beyond the floor is the price of that way of working, without
// that of any language.
//
//   single [OPTION...] SHAPE WORK...
//
// is what `floor --batch 256 --ack each --buffer 65536 [OPTION...] SHAPE WORK...` does.
#define main floor_main
#include "floor.c"
#undef main

int main(int count, char **arguments) {
  static const char *const way[] = {"--batch", "256", "--ack", "each", "--buffer", "65536"};
  enum { WAY = sizeof way / sizeof *way };
  char **all = calloc((size_t)count + WAY + 1, sizeof *all);
  if (!all) fail("no memory");
  all[0] = arguments[0];
  for (int i = 0; i < WAY; i++) all[i + 1] = (char *)way[i];
  for (int i = 1; i < count; i++) all[i + WAY] = arguments[i];
  return floor_main(count + WAY, all);
}
