// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.drivers;

import io.lvstun.Command;
import io.lvstun.DriverOptions;
import io.lvstun.memory.MemoryDriver;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.IpvsDriverProvider;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * The property that the in-memory driver does what the kernel does. The seed is printed; {@code
 * -Dlvstun.seed=SEED} repeats a run, {@code -Dlvstun.sequence=NUMBER} with it a single sequence,
 * {@code -Dlvstun.sequences=COUNT} changes how many there are.
 */
final class EquivalenceProperty {

  private static final Set<String> SCHEDULERS =
      Set.of(
          "rr", "wrr", "lc", "wlc", "fo", "ovf", "lblc", "lblcr", "dh", "sh", "mh", "sed", "nq",
          "twos");

  private EquivalenceProperty() {}

  static void check(
      IpvsDriverProvider provider, int usualSequences, boolean foreign, boolean sameCode) {
    long seed = Long.getLong("lvstun.seed", System.nanoTime());
    int sequences = Integer.getInteger("lvstun.sequences", usualSequences);
    int only = Integer.getInteger("lvstun.sequence", -1);
    Set<String> schedulers = new HashSet<>(SCHEDULERS);
    schedulers.removeIf(name -> !DirectorNamespace.hasModule("ip_vs_" + name));
    System.out.printf(
        "%d random sequences through %s and memory, seed %d (-Dlvstun.seed=%d)%n",
        sequences, provider.name(), seed, seed);
    long started = System.nanoTime();
    try (DirectorNamespace namespace = new DirectorNamespace();
        IpvsDriver kernel =
            provider.open(
                new DriverOptions(Optional.of(namespace.namespace()), Duration.ofSeconds(10)))) {
      Equivalence equivalence =
          new Equivalence(
              kernel, () -> MemoryDriver.builder().schedulers(schedulers).open(), sameCode);
      int commands = 0;
      for (int i = 0; i < sequences; i++) {
        if (only >= 0 && i != only) {
          continue;
        }
        List<Command> sequence =
            new CommandGenerator(new Random(seed + 31L * i), foreign).sequence();
        commands += sequence.size();
        if (i > 0 && i % 250 == 0) {
          System.out.printf("%d sequences after %d s%n", i, seconds(started));
        }
        if (equivalence.difference(sequence).isPresent()) {
          throw new AssertionError(
              "-Dlvstun.seed="
                  + seed
                  + " -Dlvstun.sequence="
                  + i
                  + "\n"
                  + equivalence.report(sequence));
        }
      }
      System.out.printf("%d commands agreed in %d s%n", commands, seconds(started));
    }
  }

  private static long seconds(long started) {
    return (System.nanoTime() - started) / 1_000_000_000L;
  }
}
