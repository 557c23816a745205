// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import static io.lvstun.rules.Operands.requirePlain;
import static io.lvstun.rules.Token.error;

import io.lvstun.Scheduler;
import io.lvstun.SchedulerFlag;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** What {@code -s} and {@code -b} say. */
final class SchedulerOptions {

  private static final int LONGEST_FLAGS = 127;

  private SchedulerOptions() {}

  static Scheduler read(Map<Option, Token> words) {
    Token name = words.get(Option.SCHEDULER);
    Scheduler scheduler = name == null ? Scheduler.WLC : named(name);
    Token flags = words.get(Option.SCHED_FLAGS);
    return flags == null ? scheduler : new Scheduler(scheduler.name(), flags(flags, scheduler));
  }

  private static Scheduler named(Token name) {
    requirePlain(name, "a scheduler");
    try {
      return Scheduler.named(name.text());
    } catch (IllegalArgumentException e) {
      throw error(name, "a scheduler of 1 to 15 printable ASCII characters", e);
    }
  }

  private static Set<SchedulerFlag> flags(Token word, Scheduler scheduler) {
    if (word.text().length() > LONGEST_FLAGS) {
      throw error(word, "scheduler flags of at most " + LONGEST_FLAGS + " characters");
    }
    Set<SchedulerFlag> flags = EnumSet.noneOf(SchedulerFlag.class);
    int start = 0;
    while (start <= word.text().length()) {
      int comma = word.text().indexOf(',', start);
      int end = comma < 0 ? word.text().length() : comma;
      if (end > start) {
        flags.add(flag(word.part(start, end), scheduler));
      }
      start = end + 1;
    }
    if (flags.isEmpty()) {
      throw error(word, "scheduler flags");
    }
    return flags;
  }

  private static SchedulerFlag flag(Token word, Scheduler scheduler) {
    String wanted =
        word.text().startsWith("sh-") ? "sh" : word.text().startsWith("mh-") ? "mh" : "";
    SchedulerFlag flag =
        switch (word.text()) {
          case "flag-1", "sh-fallback", "mh-fallback" -> SchedulerFlag.FLAG_1;
          case "flag-2", "sh-port", "mh-port" -> SchedulerFlag.FLAG_2;
          case "flag-3" -> SchedulerFlag.FLAG_3;
          default ->
              throw error(
                  word, "flag-1, flag-2, flag-3, sh-fallback, sh-port, mh-fallback or mh-port");
        };
    if (!wanted.isEmpty() && !scheduler.name().equals(wanted)) {
      throw error(word, "the scheduler " + wanted + " for this flag");
    }
    return flag;
  }
}
