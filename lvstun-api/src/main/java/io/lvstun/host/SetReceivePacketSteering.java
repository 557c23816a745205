// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Sets which processors take the packets of a network device from the one that was interrupted:
 * receive packet steering (RPS), the same set for each receive queue. It helps cards with fewer
 * queues than the host has processors, and tunnels, whose packets differ in the inner header only.
 * From Documentation/networking/scaling.rst of the kernel.
 *
 * @param device the card
 * @param cpus numbers of the processors, 0 to 8191; none switches it off
 * @since 0.1.0
 */
public record SetReceivePacketSteering(String device, List<Integer> cpus) implements CardChange {

  /**
   * Checks the values; the processors come into their order.
   *
   * @throws IllegalArgumentException if no device can have the name, or a number is out of range
   */
  public SetReceivePacketSteering {
    Objects.requireNonNull(device, "device");
    Names.requireDevice(device);
    cpus = Cpus.require(cpus);
  }

  @Override
  public List<String> command() {
    return List.of(
        "sh",
        "-c",
        "for queue in /sys/class/net/"
            + device
            + "/queues/rx-*; do echo "
            + Cpus.words(Cpus.mask(cpus))
            + " >$queue/rps_cpus; done");
  }

  @Override
  public List<String> query() {
    return List.of("packet-steering", device, "", "");
  }

  /** As many masks as the device has queues. */
  @Override
  public String wanted(String current) {
    return current.strip().replaceAll("\\S+", Cpus.mask(cpus));
  }

  @Override
  public List<String> operation(String current, String target) {
    Objects.requireNonNull(current, "current");
    List<String> operation = new ArrayList<>(List.of("packet-steering", device));
    for (String mask : target.strip().split("\\s+")) {
      operation.add(Cpus.words(mask));
    }
    return operation;
  }
}
