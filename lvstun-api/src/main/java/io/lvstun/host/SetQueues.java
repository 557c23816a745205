// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Sets how many queues a network card uses, as {@code ethtool -L} does. Many drivers reset the card
 * for it: traffic stops for up to some seconds. The card keeps no more than it has ({@code ethtool
 * -l}).
 *
 * @param device the card
 * @param type which queues
 * @param count how many, 1 to 4096
 * @since 0.1.0
 */
public record SetQueues(String device, Type type, int count) implements CardChange {

  /**
   * The types of queues. A card has combined ones, or separate ones for the two directions.
   *
   * @since 0.1.0
   */
  public enum Type {
    /** Queues that receive and send. */
    COMBINED,
    /** Queues that receive. */
    RX,
    /** Queues that send. */
    TX;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if no device can have the name, or the count is out of range
   */
  public SetQueues {
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(type, "type");
    Names.requireDevice(device);
    if (count < 1 || count > 4096) {
      throw new IllegalArgumentException("count must be 1 to 4096, not " + count);
    }
  }

  /**
   * Returns a change of combined queues.
   *
   * @param device the card
   * @param count how many, 1 to 4096
   * @return the change
   * @throws IllegalArgumentException if no device can have the name, or the count is out of range
   */
  public static SetQueues combined(String device, int count) {
    Objects.requireNonNull(device, "device");
    return new SetQueues(device, Type.COMBINED, count);
  }

  @Override
  public List<String> command() {
    return List.of("ethtool", "-L", device, type.word(), Integer.toString(count));
  }

  @Override
  public List<String> query() {
    return List.of("queues", device, type.word(), "");
  }

  @Override
  public String wanted(String current) {
    Objects.requireNonNull(current, "current");
    return Integer.toString(count);
  }

  @Override
  public List<String> operation(String current, String target) {
    Objects.requireNonNull(current, "current");
    Objects.requireNonNull(target, "target");
    return List.of("run", "ethtool", "-L", device, type.word(), target);
  }
}
