// SPDX-License-Identifier: Apache-2.0
package io.lvstun.weight;

import io.lvstun.ForeignText;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses loads from the texts that hosts report. Pure functions; each throws {@link
 * IllegalArgumentException} with the beginning of the text if the load is not in it, is not a
 * number, is negative or is implausibly large.
 *
 * @since 0.1.0
 */
public final class LoadText {

  /** The longest text that is searched, in characters: 8 MiB. */
  public static final int LONGEST = 8 << 20;

  private static final Pattern UPTIME =
      Pattern.compile("load averages?: *([0-9]{1,9})[.,]([0-9]{1,6})\\b");
  private static final Pattern PRESSURE =
      Pattern.compile("(?m)^some avg10=([0-9]{1,3}(?:\\.[0-9]{1,6})?) ");
  private static final Pattern LABEL =
      Pattern.compile(
          "\\G\\s*([a-zA-Z_][a-zA-Z0-9_]*)\\s*=\\s*\"((?:[^\"\\\\]|\\\\.)*)\"\\s*(,|$)");

  private LoadText() {}

  /**
   * Reads what {@code uptime} prints, in any locale.
   *
   * @param text its output
   * @return the load over one minute
   */
  public static double uptime(String text) {
    Matcher matcher = UPTIME.matcher(bounded(text));
    if (!matcher.find()) {
      throw none("load average", text);
    }
    return valid(Double.parseDouble(matcher.group(1) + "." + matcher.group(2)), text);
  }

  /**
   * Reads {@code /proc/loadavg}.
   *
   * @param text the file
   * @param cores how many processors the host has, 1 to 65536; 1 for the load as it stands
   * @return the load over one minute for each processor
   */
  public static double loadAverage(String text, int cores) {
    WeightArgument.of("cores", cores, 1, 65536);
    return valid(number(bounded(text).strip().split("\\s+", 2)[0], text) / cores, text);
  }

  /**
   * Reads {@code /proc/pressure/cpu}.
   *
   * @param text the file
   * @return the share of the last 10 s in which a process waited for a processor, 0 to 1
   */
  public static double pressure(String text) {
    Matcher matcher = PRESSURE.matcher(bounded(text));
    if (!matcher.find()) {
      throw none("\"some avg10=\"", text);
    }
    return valid(Double.parseDouble(matcher.group(1)) / 100, text);
  }

  /**
   * Reads a metric from Prometheus's text format.
   *
   * @param text the format's version 0.0.4 or OpenMetrics
   * @param metric the metric's name
   * @param labels labels that the sample must have; it may have others
   * @return the first such sample's value
   */
  public static double prometheus(String text, String metric, Map<String, String> labels) {
    Objects.requireNonNull(labels, "labels");
    Objects.requireNonNull(metric, "metric");
    for (String line : (Iterable<String>) bounded(text).lines()::iterator) {
      Sample sample = sample(line, metric);
      if (sample != null && sample.labels.entrySet().containsAll(labels.entrySet())) {
        return valid(number(sample.value, text), text);
      }
    }
    throw none("metric " + metric + labels, text);
  }

  /**
   * Reads the load that node_exporter tells, for each processor: {@code node_load1} by the number
   * of processors in {@code node_cpu_seconds_total}.
   *
   * @param text its metrics
   * @return the load over one minute for each processor
   */
  public static double nodeExporter(String text) {
    double load = prometheus(text, "node_load1", Map.of());
    long cores =
        bounded(text)
            .lines()
            .map(line -> sample(line, "node_cpu_seconds_total"))
            .filter(sample -> sample != null && "idle".equals(sample.labels.get("mode")))
            .count();
    if (cores == 0) {
      throw none("node_cpu_seconds_total", text);
    }
    return load / cores;
  }

  private record Sample(Map<String, String> labels, String value) {}

  private static @org.jspecify.annotations.Nullable Sample sample(String line, String metric) {
    if (!line.startsWith(metric) || line.length() == metric.length()) {
      return null;
    }
    Map<String, String> labels = new TreeMap<>();
    String rest = line.substring(metric.length());
    if (rest.charAt(0) == '{') {
      int close = closing(rest);
      if (close < 0) {
        return null;
      }
      Matcher matcher = LABEL.matcher(rest.substring(1, close));
      while (matcher.find()) {
        labels.put(matcher.group(1), unescaped(matcher.group(2)));
      }
      rest = rest.substring(close + 1);
    } else if (rest.charAt(0) != ' ' && rest.charAt(0) != '\t') {
      return null;
    }
    String[] words = rest.strip().split("\\s+");
    return new Sample(labels, words[0]);
  }

  /** Where the braces of labels end: a brace within quotes does not count. */
  private static int closing(String text) {
    boolean quoted = false;
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted && c == '\\') {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == '}' && !quoted) {
        return i;
      }
    }
    return -1;
  }

  private static String unescaped(String text) {
    return text.replace("\\n", "\n").replace("\\\"", "\"").replace("\\\\", "\\");
  }

  static double number(String word, String text) {
    if (word.length() > 40
        || !word.matches("[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")) {
      throw new IllegalArgumentException(
          "load must be a number, not \"" + head(word) + "\" in \"" + head(text) + '"');
    }
    return Double.parseDouble(word);
  }

  private static double valid(double load, String text) {
    if (!(load >= 0 && load <= LoadReport.HIGHEST)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "load must be 0 to %.0f, not %s: \"%s\"",
              LoadReport.HIGHEST,
              load,
              head(text)));
    }
    return load;
  }

  private static String bounded(String text) {
    if (text.length() > LONGEST) {
      throw new IllegalArgumentException(
          "text must have at most " + LONGEST + " characters, not " + text.length());
    }
    return text;
  }

  private static IllegalArgumentException none(String what, String text) {
    return new IllegalArgumentException("no " + what + " in \"" + head(text) + '"');
  }

  private static String head(String text) {
    return ForeignText.excerpt(text, 64);
  }
}
