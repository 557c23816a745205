// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Writes what was measured, as a table for people and as JSON for programs.
 *
 * @param setting what it was measured on, name and value
 * @param samples the times of each shape, in the order to show
 * @param goals what they are held against
 */
record Report(Map<String, String> setting, Map<Shape, Samples> samples, List<Goal> goals) {

  private static final List<String> LIBRARY =
      List.of(Contender.WARM, Contender.COLD, Contender.COLD_TUNED);

  /** Returns a copy with one more goal. */
  Report with(Goal goal) {
    List<Goal> all = new ArrayList<>(goals);
    all.add(goal);
    return new Report(setting, samples, all);
  }

  /** Returns a table for each shape: medians, and the library's as ratios. */
  String table() {
    StringBuilder text = new StringBuilder();
    samples.forEach(
        (shape, times) -> {
          text.append(String.format(Locale.ROOT, "%n%,d services, ", shape.services()));
          text.append(String.format(Locale.ROOT, "%,d servers each. ", shape.servers()));
          text.append(
              "Medians in ms; in brackets, medians of the rounds' ratios: times the floor, times as"
                  + " fast as ipvsadm\n");
          text.append(
              String.format(
                  Locale.ROOT,
                  "%-42s%11s%11s%11s",
                  "",
                  Contender.FLOOR,
                  Contender.SINGLE,
                  Contender.IPVSADM));
          LIBRARY.forEach(contender -> text.append(String.format(Locale.ROOT, "%27s", contender)));
          text.append('\n');
          for (Work work : Work.values()) {
            text.append(row(work, times));
          }
        });
    return text.toString();
  }

  private static String row(Work work, Samples times) {
    OptionalLong ipvsadm = times.median(work, Contender.IPVSADM);
    StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%-42s", work.title()));
    text.append(
        String.format(
            Locale.ROOT,
            "%11s%11s%11s",
            millis(times.median(work, Contender.FLOOR)),
            millis(times.median(work, Contender.SINGLE)),
            millis(ipvsadm)));
    for (String contender : LIBRARY) {
      OptionalLong own = times.median(work, contender);
      String ratios =
          own.isEmpty()
              ? ""
              : String.format(
                  Locale.ROOT,
                  " (%6s,%6s)",
                  ratio(times.ratios(work, contender, work, Contender.FLOOR)),
                  ratio(times.ratios(work, Contender.IPVSADM, work, contender)));
      text.append(String.format(Locale.ROOT, "%27s", millis(own) + ratios));
    }
    return text.append('\n').toString();
  }

  private static String millis(OptionalLong nanos) {
    return nanos.isEmpty() ? "" : millis(nanos.getAsLong());
  }

  /** Milliseconds, to three digits at least: one weight takes a hundredth of one. */
  static String millis(long nanos) {
    double millis = nanos / 1e6;
    return String.format(Locale.ROOT, millis < 1 ? "%.5f" : millis < 10 ? "%.2f" : "%.1f", millis);
  }

  private static String ratio(List<Double> rounds) {
    if (rounds.isEmpty()) {
      return "";
    }
    double ratio = Samples.median(rounds);
    return String.format(Locale.ROOT, ratio >= 100 ? "%.0f" : ratio >= 10 ? "%.1f" : "%.2f", ratio);
  }

  /** Returns everything, every time taken included. */
  String json() {
    StringBuilder text = new StringBuilder("{\n  \"setting\": {\n");
    int left = setting.size();
    for (Map.Entry<String, String> entry : setting.entrySet()) {
      text.append("    ").append(quoted(entry.getKey())).append(": ");
      text.append(quoted(entry.getValue())).append(--left > 0 ? ",\n" : "\n");
    }
    text.append("  },\n  \"shapes\": [");
    String separator = "\n";
    for (Map.Entry<Shape, Samples> entry : samples.entrySet()) {
      Shape shape = entry.getKey();
      text.append(separator).append("    {\"services\": ").append(shape.services());
      text.append(", \"servers\": ").append(shape.servers()).append(", \"times\": [");
      text.append(times(entry.getValue())).append("\n    ]}");
      separator = ",\n";
    }
    text.append("\n  ],\n  \"goals\": [");
    separator = "\n";
    for (Goal goal : goals) {
      text.append(separator).append("    {\"goal\": ").append(quoted(goal.title()));
      text.append(String.format(Locale.ROOT, ", \"limit\": %.4f", goal.limit()));
      text.append(String.format(Locale.ROOT, ", \"value\": %.4f", goal.value()));
      text.append(String.format(Locale.ROOT, ", \"least\": %.4f", goal.least()));
      text.append(String.format(Locale.ROOT, ", \"most\": %.4f", goal.most()));
      text.append(", \"unit\": ").append(quoted(goal.unit().strip()));
      text.append(", \"reached\": ").append(goal.met()).append('}');
      separator = ",\n";
    }
    return text.append("\n  ]\n}\n").toString();
  }

  private static String times(Samples samples) {
    StringBuilder text = new StringBuilder();
    String separator = "\n";
    for (Work work : Work.values()) {
      for (String contender :
          List.of(
              Contender.FLOOR,
              Contender.SINGLE,
              Contender.IPVSADM,
              Contender.WARM,
              Contender.COLD,
              Contender.COLD_TUNED)) {
        List<Long> nanos = samples.of(work, contender);
        if (nanos.isEmpty()) {
          continue;
        }
        text.append(separator).append("      {\"work\": ").append(quoted(work.id()));
        text.append(", \"contender\": ").append(quoted(contender));
        text.append(", \"median_ns\": ").append(samples.median(work, contender).getAsLong());
        text.append(", \"ns\": ").append(nanos).append('}');
        separator = ",\n";
      }
    }
    return text.toString();
  }

  private static String quoted(String value) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ') {
        text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    return text.append('"').toString();
  }
}
