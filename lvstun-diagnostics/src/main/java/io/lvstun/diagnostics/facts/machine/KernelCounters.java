// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.machine;

import io.lvstun.diagnostics.facts.section.Lines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Counters of the kernel in two samples. All of them count since the kernel or the namespace began,
 * so that only their growth tells what happens now.
 *
 * <p>Names: {@code Ip.InAddrErrors} and the like from {@code /proc/net/snmp}, {@code
 * TcpExt.IPReversePathFilter} from {@code /proc/net/netstat}, {@code Ip6InReceives} from {@code
 * /proc/net/snmp6}, {@code dev.eth0.rx_packets} from {@code /proc/net/dev}, {@code
 * rt_cache.in_martian_src} and {@code nf_conntrack.drop} from {@code /proc/net/stat} (all
 * processors together), {@code softnet.dropped}, {@code softnet.squeezed}, {@code
 * nf_conntrack.count}.
 *
 * @since 0.1.0
 */
public final class KernelCounters {

  private static final List<String> DEVICE_COLUMNS =
      List.of(
          "rx_bytes",
          "rx_packets",
          "rx_errs",
          "rx_drop",
          "rx_fifo",
          "rx_frame",
          "rx_compressed",
          "rx_multicast",
          "tx_bytes",
          "tx_packets",
          "tx_errs",
          "tx_drop",
          "tx_fifo",
          "tx_colls",
          "tx_carrier",
          "tx_compressed");

  private static final Pattern HEXADECIMAL = Pattern.compile("[0-9a-fA-F]{1,16}");

  private final Map<String, Long> first;
  private final Map<String, Long> second;
  private final Duration window;

  private KernelCounters(Map<String, Long> first, Map<String, Long> second, Duration window) {
    this.first = first;
    this.second = second;
    this.window = window;
  }

  /**
   * Reads two samples.
   *
   * @param first lines of files, each with {@code path:} before it
   * @param second the same, later
   * @return the counters; what cannot be understood is left out
   */
  public static KernelCounters between(String first, String second) {
    return parse(first, second);
  }

  /** Reads what the host printed. */
  public static KernelCounters parse(String firstText, String secondText) {
    Map<String, Long> first = sample(firstText);
    Map<String, Long> second = secondText.isEmpty() ? Map.of() : sample(secondText);
    long millis =
        second.getOrDefault("uptime.millis", 0L) - first.getOrDefault("uptime.millis", 0L);
    return new KernelCounters(first, second, Duration.ofMillis(Math.max(0, millis)));
  }

  /**
   * Returns the time between the samples.
   *
   * @return the time; zero if there is only one sample
   */
  public Duration window() {
    return window;
  }

  /**
   * Returns a counter's latest value.
   *
   * @param name for example {@code Ip.InAddrErrors}
   * @return empty if the kernel has no such counter
   */
  public OptionalLong value(String name) {
    Long value = second.getOrDefault(name, first.get(name));
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  /**
   * Returns how much a counter grew between the samples.
   *
   * @param name for example {@code Ip.InAddrErrors}
   * @return empty if one of the samples lacks it
   */
  public OptionalLong growth(String name) {
    Long before = first.get(name);
    Long after = second.get(name);
    return before == null || after == null ? OptionalLong.empty() : OptionalLong.of(after - before);
  }

  /**
   * Returns the names of the counters that begin with something.
   *
   * @param prefix for example {@code dev.eth0.}
   * @return the names
   */
  public List<String> names(String prefix) {
    return first.keySet().stream().filter(name -> name.startsWith(prefix)).toList();
  }

  private static Map<String, Long> sample(String text) {
    Map<String, Long> values = new LinkedHashMap<>();
    Lines.files(text)
        .forEach(
            (path, content) -> {
              List<String> lines = Lines.of(content);
              switch (path) {
                case "/proc/uptime" -> uptime(values, content);
                case "/proc/net/snmp", "/proc/net/netstat" -> paired(values, lines);
                case "/proc/net/snmp6" -> single(values, lines);
                case "/proc/net/dev" -> devices(values, lines);
                case "/proc/net/softnet_stat" -> softnet(values, lines);
                case "/proc/net/stat/rt_cache" -> table(values, "rt_cache.", lines);
                case "/proc/net/stat/nf_conntrack" -> table(values, "nf_conntrack.", lines);
                case "/proc/sys/net/netfilter/nf_conntrack_count" ->
                    put(values, "nf_conntrack.count", content.strip());
                default -> {
                  // Understood by others.
                }
              }
            });
    return values;
  }

  private static void uptime(Map<String, Long> values, String content) {
    List<String> words = Lines.words(content);
    if (!words.isEmpty() && words.get(0).matches("\\d{1,12}(\\.\\d{1,6})?")) {
      values.put("uptime.millis", (long) (Double.parseDouble(words.get(0)) * 1000));
    }
  }

  /** A line of names, a line of values, both beginning with {@code Group:}. */
  private static void paired(Map<String, Long> values, List<String> lines) {
    for (int i = 0; i + 1 < lines.size(); i += 2) {
      List<String> names = Lines.words(lines.get(i));
      List<String> numbers = Lines.words(lines.get(i + 1));
      if (names.isEmpty() || numbers.isEmpty() || !names.get(0).equals(numbers.get(0))) {
        continue;
      }
      String group = names.get(0).replace(":", ".");
      for (int column = 1; column < Math.min(names.size(), numbers.size()); column++) {
        put(values, group + names.get(column), numbers.get(column));
      }
    }
  }

  private static void single(Map<String, Long> values, List<String> lines) {
    for (String line : lines) {
      List<String> words = Lines.words(line);
      if (words.size() == 2) {
        put(values, words.get(0), words.get(1));
      }
    }
  }

  private static void devices(Map<String, Long> values, List<String> lines) {
    for (String line : lines) {
      int colon = line.indexOf(':');
      List<String> numbers = colon < 0 ? List.of() : Lines.words(line.substring(colon + 1));
      if (numbers.size() < DEVICE_COLUMNS.size()) {
        continue;
      }
      String device = line.substring(0, colon).strip();
      for (int column = 0; column < DEVICE_COLUMNS.size(); column++) {
        put(values, "dev." + device + "." + DEVICE_COLUMNS.get(column), numbers.get(column));
      }
    }
  }

  private static void softnet(Map<String, Long> values, List<String> lines) {
    List<String> names = List.of("softnet.processed", "softnet.dropped", "softnet.squeezed");
    for (String line : lines) {
      List<String> words = Lines.words(line);
      for (int column = 0; column < Math.min(names.size(), words.size()); column++) {
        add(values, names.get(column), words.get(column));
      }
    }
  }

  /** A line of names, then a line of hexadecimal numbers a processor. */
  private static void table(Map<String, Long> values, String prefix, List<String> lines) {
    if (lines.isEmpty()) {
      return;
    }
    List<String> names = Lines.words(lines.get(0));
    for (String line : lines.subList(1, lines.size())) {
      List<String> words = new ArrayList<>(Lines.words(line));
      for (int column = 0; column < Math.min(names.size(), words.size()); column++) {
        // The number of entries is the same in every line, and no count.
        if (!names.get(column).equals("entries")) {
          add(values, prefix + names.get(column), words.get(column));
        }
      }
    }
  }

  private static void put(Map<String, Long> values, String name, String text) {
    boolean negative = text.startsWith("-");
    if (Lines.number(negative ? text.substring(1) : text, 20)) {
      try {
        values.put(name, negative ? 0 : Long.parseUnsignedLong(text));
      } catch (NumberFormatException e) {
        values.remove(name);
      }
    }
  }

  private static void add(Map<String, Long> values, String name, String hexadecimal) {
    if (HEXADECIMAL.matcher(hexadecimal).matches()) {
      values.merge(name, Long.parseUnsignedLong(hexadecimal, 16), Long::sum);
    }
  }
}
