// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How a virtual service chooses a real server for a new connection: the name of a kernel module
 * {@code ip_vs_NAME} and its flags.
 *
 * <p>The constants are all schedulers of Linux up to 6.12; {@link #named} reaches any other.
 *
 * @param name the kernel's name, 1 to 15 characters
 * @param flags flags for the scheduler, empty by default
 * @since 0.1.0
 */
public record Scheduler(String name, Set<SchedulerFlag> flags) {

  /** Round robin. */
  public static final Scheduler RR = named("rr");

  /** Weighted round robin. */
  public static final Scheduler WRR = named("wrr");

  /** Least connections. */
  public static final Scheduler LC = named("lc");

  /** Weighted least connections: the default, as in {@code ipvsadm}. */
  public static final Scheduler WLC = named("wlc");

  /** Locality-based least connections. */
  public static final Scheduler LBLC = named("lblc");

  /** Locality-based least connections with replication. */
  public static final Scheduler LBLCR = named("lblcr");

  /** Destination hashing. */
  public static final Scheduler DH = named("dh");

  /** Source hashing; takes {@link SchedulerFlag#SH_PORT} and {@link SchedulerFlag#SH_FALLBACK}. */
  public static final Scheduler SH = named("sh");

  /** Shortest expected delay. */
  public static final Scheduler SED = named("sed");

  /** Never queue. */
  public static final Scheduler NQ = named("nq");

  /** Weighted fail-over: the available server of the highest weight (Linux 3.18). */
  public static final Scheduler FO = named("fo");

  /** Weighted overflow (Linux 4.3). */
  public static final Scheduler OVF = named("ovf");

  /**
   * Maglev hashing (Linux 4.18); takes {@link SchedulerFlag#MH_PORT} and {@link
   * SchedulerFlag#MH_FALLBACK}.
   */
  public static final Scheduler MH = named("mh");

  /** Power of two choices, weighted (Linux 5.12). */
  public static final Scheduler TWOS = named("twos");

  private static final int LONGEST_NAME = 15;

  /**
   * Checks the name.
   *
   * @throws IllegalArgumentException if the name is empty, too long or has unprintable characters
   */
  public Scheduler {
    Objects.requireNonNull(name, "name");
    ServiceArgument.name("scheduler", name, LONGEST_NAME);
    flags = flags.isEmpty() ? Set.of() : Set.copyOf(flags);
  }

  /**
   * Returns a scheduler by the kernel's name for it, without flags.
   *
   * @param name 1 to 15 printable ASCII characters, for example {@code "wrr"}
   * @return the scheduler
   * @throws IllegalArgumentException if the name is empty, too long or has unprintable characters
   */
  public static Scheduler named(String name) {
    return new Scheduler(name, Set.of());
  }

  /**
   * Returns this scheduler with exactly these flags.
   *
   * @param flags the flags, none to clear
   * @return a copy
   */
  public Scheduler with(SchedulerFlag... flags) {
    Objects.requireNonNull(flags, "flags");
    return new Scheduler(name, Set.copyOf(Arrays.asList(flags)));
  }

  /**
   * Returns the flags as the kernel's bits.
   *
   * @return a combination of 0x08, 0x10 and 0x20
   */
  public int flagBits() {
    int bits = 0;
    for (SchedulerFlag flag : flags) {
      bits |= flag.bit();
    }
    return bits;
  }

  /**
   * Returns the flags that are set in the kernel's bits; other bits are passed over.
   *
   * @param bits service flags as in {@code struct ip_vs_flags}
   * @return the flags
   */
  public static Set<SchedulerFlag> flagsOf(int bits) {
    if ((bits & 0x38) == 0) {
      return Set.of();
    }
    EnumSet<SchedulerFlag> flags = EnumSet.noneOf(SchedulerFlag.class);
    for (SchedulerFlag flag : SchedulerFlag.values()) {
      if ((bits & flag.bit()) != 0) {
        flags.add(flag);
      }
    }
    return Set.copyOf(flags);
  }

  /**
   * Returns the name and the flags as {@code ipvsadm} prints them: {@code rr}, {@code sh
   * (sh-port)}.
   */
  @Override
  public String toString() {
    return flags.isEmpty() ? name : name + " (" + flagNames() + ')';
  }

  private String flagNames() {
    boolean hashing = name.equals("sh") || name.equals("mh");
    return flags.stream()
        .sorted()
        .map(
            flag ->
                switch (flag) {
                  case FLAG_1 -> hashing ? name + "-fallback" : "flag-1";
                  case FLAG_2 -> hashing ? name + "-port" : "flag-2";
                  case FLAG_3 -> "flag-3";
                })
        .collect(Collectors.joining(","));
  }
}
