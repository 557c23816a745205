// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Binds the interrupts of a network card to processors, one after the other in turn. While {@code
 * irqbalance} runs, it binds them otherwise again: stop it, or ban them there.
 *
 * @param device the card
 * @param cpus numbers of the processors, 0 to 8191, at least one
 * @since 0.1.0
 */
public record SetInterruptAffinity(String device, List<Integer> cpus) implements CardChange {

  /**
   * Checks the values; the processors come into their order.
   *
   * @throws IllegalArgumentException if no device can have the name, there is no processor, or a
   *     number is out of range
   */
  public SetInterruptAffinity {
    Objects.requireNonNull(device, "device");
    Names.requireDevice(device);
    cpus = Cpus.require(cpus);
    if (cpus.isEmpty()) {
      throw new IllegalArgumentException("cpus must name a processor");
    }
  }

  /** A loop over the vectors of the card, or of the bus device it belongs to. */
  @Override
  public List<String> command() {
    String all = cpus.stream().map(String::valueOf).collect(Collectors.joining(" "));
    return List.of(
        "sh",
        "-c",
        "set -- "
            + all
            + "; cd /sys/class/net/"
            + device
            + "/device && { cd msi_irqs 2>/dev/null || cd -P ../msi_irqs; } &&"
            + " for irq in $(ls | sort -n); do echo $1 >/proc/irq/$irq/smp_affinity_list;"
            + " set -- \"$@\" $1; shift; done");
  }

  @Override
  public List<String> query() {
    return List.of("interrupts", device, "", "");
  }

  @Override
  public String wanted(String current) {
    List<String> wanted = new ArrayList<>();
    for (String interrupt : current.strip().split("\\s+")) {
      String number = interrupt.substring(0, Math.max(0, interrupt.indexOf(':')));
      wanted.add(number + ":" + cpus.get(wanted.size() % cpus.size()));
    }
    return String.join(" ", wanted);
  }

  @Override
  public List<String> operation(String current, String target) {
    List<String> operation = new ArrayList<>(List.of("interrupts"));
    operation.addAll(List.of(target.strip().split("\\s+")));
    return operation;
  }
}
