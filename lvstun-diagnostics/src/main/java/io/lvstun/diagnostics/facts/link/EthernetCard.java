// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.link;

import io.lvstun.diagnostics.facts.section.Lines;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What {@code ethtool} tells of a network device.
 *
 * @param device for example {@code eth0}
 * @param features name to setting, for example {@code large-receive-offload} to {@code off [fixed]}
 * @param driver for example {@code vmxnet3}; empty if it is no hardware
 * @param queuesNow what the device uses: {@code Combined}, {@code RX}, {@code TX}
 * @param queuesMost what it could use
 * @param ringsNow what it uses: {@code RX}, {@code TX}
 * @param ringsMost what it could use
 * @param statistics the driver's own counters, since it was started
 * @since 0.1.0
 */
public record EthernetCard(
    String device,
    Map<String, String> features,
    String driver,
    Map<String, Integer> queuesNow,
    Map<String, Integer> queuesMost,
    Map<String, Integer> ringsNow,
    Map<String, Integer> ringsMost,
    Map<String, Long> statistics) {

  /** Copies the maps. */
  public EthernetCard {
    features = Map.copyOf(features);
    queuesNow = Map.copyOf(queuesNow);
    queuesMost = Map.copyOf(queuesMost);
    ringsNow = Map.copyOf(ringsNow);
    ringsMost = Map.copyOf(ringsMost);
    statistics = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(statistics));
  }

  /**
   * Tells whether a feature is on.
   *
   * @param feature for example {@code generic-receive-offload}
   * @return empty if the device has no such feature
   */
  public Optional<Boolean> on(String feature) {
    return Optional.ofNullable(features.get(feature)).map(value -> value.startsWith("on"));
  }

  /**
   * Tells whether a feature cannot be changed.
   *
   * @param feature for example {@code large-receive-offload}
   * @return true if the driver says so
   */
  public boolean fixed(String feature) {
    return features.getOrDefault(feature, "").contains("[fixed]");
  }

  /**
   * Returns how many receive queues the device uses.
   *
   * @return empty if it does not tell
   */
  public OptionalInt receiveQueues() {
    return sum(queuesNow);
  }

  /**
   * Returns how many receive queues the device could use.
   *
   * @return empty if it does not tell
   */
  public OptionalInt mostReceiveQueues() {
    return sum(queuesMost);
  }

  private static OptionalInt sum(Map<String, Integer> queues) {
    int sum = queues.getOrDefault("Combined", 0) + queues.getOrDefault("RX", 0);
    return sum == 0 ? OptionalInt.empty() : OptionalInt.of(sum);
  }

  /** From parts that begin with {@code ## KIND DEVICE}. */
  public static List<EthernetCard> parse(String text) {
    Map<String, Map<String, List<String>>> devices = new LinkedHashMap<>();
    List<String> part = new ArrayList<>();
    for (String line : Lines.of(text)) {
      if (line.startsWith("## ")) {
        List<String> words = Lines.words(line);
        part = new ArrayList<>();
        if (words.size() == 3) {
          devices
              .computeIfAbsent(words.get(2), device -> new LinkedHashMap<>())
              .put(words.get(1), part);
        }
      } else {
        part.add(line);
      }
    }
    List<EthernetCard> cards = new ArrayList<>();
    devices.forEach(
        (device, parts) -> {
          List<String> channels = parts.getOrDefault("channels", List.of());
          List<String> rings = parts.getOrDefault("rings", List.of());
          Map<String, Long> statistics = new LinkedHashMap<>();
          pairs(parts.getOrDefault("statistics", List.of()))
              .forEach(
                  (name, value) -> {
                    if (Lines.number(value, 18)) {
                      statistics.put(name, Long.parseLong(value));
                    }
                  });
          cards.add(
              new EthernetCard(
                  device,
                  pairs(parts.getOrDefault("features", List.of())),
                  pairs(parts.getOrDefault("driver", List.of())).getOrDefault("driver", ""),
                  numbers(channels, false),
                  numbers(channels, true),
                  numbers(rings, false),
                  numbers(rings, true),
                  statistics));
        });
    return List.copyOf(cards);
  }

  private static Map<String, String> pairs(List<String> lines) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String line : lines) {
      // Names of statistics have colons on some drivers: the value is behind the last one.
      int colon = line.lastIndexOf(": ");
      if (colon > 0) {
        pairs.putIfAbsent(line.substring(0, colon).strip(), line.substring(colon + 2).strip());
      }
    }
    return pairs;
  }

  /** "Pre-set maximums:" and "Current hardware settings:", each with numbers below. */
  private static Map<String, Integer> numbers(List<String> lines, boolean maximum) {
    Map<String, Integer> numbers = new LinkedHashMap<>();
    boolean inMaximum = false;
    for (String line : lines) {
      if (line.startsWith("Pre-set maximums")) {
        inMaximum = true;
      } else if (line.startsWith("Current hardware settings")) {
        inMaximum = false;
      } else if (inMaximum == maximum) {
        int colon = line.indexOf(':');
        String value = colon < 0 ? "" : line.substring(colon + 1).strip();
        if (Lines.number(value, 9)) {
          numbers.put(line.substring(0, colon).strip(), Integer.parseInt(value));
        }
      }
    }
    return numbers;
  }
}
