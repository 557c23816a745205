// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.machine;

import io.lvstun.diagnostics.facts.section.Lines;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * How the work of receiving packets is spread over the processors: soft interrupts between the two
 * samples of the counters, and which processor serves which interrupt of a card.
 *
 * @param count how many processors are online
 * @param received soft interrupts {@code NET_RX} between the samples, a processor each; empty if
 *     there is only one sample
 * @param interrupts the cards' interrupts, by the text that {@code /proc/interrupts} has for them
 * @since 0.1.0
 */
public record Processors(int count, List<Long> received, List<Interrupt> interrupts) {

  /** Copies the lists. */
  public Processors {
    received = List.copyOf(received);
    interrupts = List.copyOf(interrupts);
  }

  /**
   * An interrupt.
   *
   * @param number its number
   * @param name for example {@code eth0-TxRx-0}
   * @param raised how often it was raised, since the start
   * @param processors the processors that serve it, as {@code 0-3} or {@code 2}; empty if not known
   * @since 0.1.0
   */
  public record Interrupt(int number, String name, long raised, String processors) {}

  /**
   * Returns the interrupts of a device.
   *
   * @param device for example {@code eth0}
   * @return those whose name has the device's, and that were raised
   */
  public List<Interrupt> of(String device) {
    return interrupts.stream()
        .filter(one -> one.raised() > 0)
        .filter(one -> one.name().matches("(.*[^A-Za-z0-9])?" + quoted(device) + "([-:_@. ].*)?"))
        .toList();
  }

  private static String quoted(String text) {
    return java.util.regex.Pattern.quote(text);
  }

  /**
   * Returns the processor that received most.
   *
   * @return its number; empty if none received anything
   */
  public OptionalInt busiest() {
    int best = -1;
    for (int i = 0; i < received.size(); i++) {
      if (received.get(i) > 0 && (best < 0 || received.get(i) > received.get(best))) {
        best = i;
      }
    }
    return best < 0 ? OptionalInt.empty() : OptionalInt.of(best);
  }

  /** Reads what the host printed. */
  public static Processors parse(String first, String second, String files) {
    List<Long> before = received(first);
    List<Long> after = received(second);
    List<Long> grown = new ArrayList<>();
    for (int i = 0; i < Math.min(before.size(), after.size()); i++) {
      grown.add(Math.max(0, after.get(i) - before.get(i)));
    }
    String latest = second.isEmpty() ? first : second;
    Map<Integer, String> affinities = affinities(files);
    List<Interrupt> interrupts = new ArrayList<>();
    for (String line : Lines.of(Lines.files(latest).getOrDefault("/proc/interrupts", ""))) {
      interrupt(line, affinities).ifPresent(interrupts::add);
    }
    int count =
        Math.max(
            before.size(),
            Lines.of(Lines.files(latest).getOrDefault("/proc/net/softnet_stat", "")).size());
    return new Processors(count, grown, interrupts);
  }

  private static List<Long> received(String counters) {
    for (String line : Lines.of(Lines.files(counters).getOrDefault("/proc/softirqs", ""))) {
      List<String> words = Lines.words(line);
      if (!words.isEmpty() && words.get(0).equals("NET_RX:")) {
        return words.subList(1, words.size()).stream()
            .filter(word -> Lines.number(word, 18))
            .map(Long::valueOf)
            .toList();
      }
    }
    return List.of();
  }

  private static java.util.Optional<Interrupt> interrupt(
      String line, Map<Integer, String> affinities) {
    List<String> words = Lines.words(line);
    if (words.isEmpty() || !words.get(0).matches("\\d{1,6}:")) {
      return java.util.Optional.empty();
    }
    int number = Integer.parseInt(words.get(0).substring(0, words.get(0).length() - 1));
    long raised = 0;
    int at = 1;
    while (at < words.size() && Lines.number(words.get(at), 18)) {
      raised += Long.parseLong(words.get(at));
      at++;
    }
    return java.util.Optional.of(
        new Interrupt(
            number, words.get(words.size() - 1), raised, affinities.getOrDefault(number, "")));
  }

  private static Map<Integer, String> affinities(String files) {
    Map<Integer, String> affinities = new HashMap<>();
    for (String line : Lines.of(files)) {
      if (line.startsWith("/proc/irq/") && line.contains("/effective_affinity_list:")) {
        String number = line.substring("/proc/irq/".length(), line.indexOf('/', 10));
        if (Lines.number(number, 6)) {
          affinities.put(Integer.parseInt(number), line.substring(line.indexOf(':') + 1).strip());
        }
      }
    }
    return affinities;
  }

  /** Masks of processors that receive packet steering (RPS) uses, a device and queue each. */
  public static Map<String, Map<String, String>> steering(String files) {
    Map<String, Map<String, String>> devices = new LinkedHashMap<>();
    for (String line : Lines.of(files)) {
      int queues = line.indexOf("/queues/rx-");
      int end = line.indexOf("/rps_cpus:");
      if (line.startsWith("/sys/class/net/") && queues > 0 && end > queues) {
        devices
            .computeIfAbsent(
                line.substring("/sys/class/net/".length(), queues), key -> new LinkedHashMap<>())
            .put(
                line.substring(queues + "/queues/".length(), end),
                line.substring(end + "/rps_cpus:".length()).strip());
      }
    }
    return devices;
  }
}
