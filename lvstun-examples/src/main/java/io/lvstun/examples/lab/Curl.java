// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** HTTP requests by curl, whose words for what went wrong everybody knows. */
final class Curl {
  /** Stands behind each body; no server of the lab sends it. */
  private static final String MARK = "\u001e";

  private Curl() {}

  static HttpAnswers get(LabHost host, String url, int times, Duration patience) {
    List<String> command = command(patience);
    for (int i = 0; i < times; i++) {
      command.add(url);
    }
    CommandResult result =
        host.exec(patience.multipliedBy(times).plus(Duration.ofSeconds(20)), command);
    List<HttpAnswer> answers = parse(result);
    if (answers.size() != times) {
      throw new LabException(
          "curl answered for " + answers.size() + " of " + times + ": " + result);
    }
    return new HttpAnswers(answers);
  }

  static HttpAnswer upload(LabHost host, String url, long bytes, Duration patience) {
    List<String> command = command(patience);
    // head is what makes the zeros end; curl reads standard input before it sends.
    command.addAll(List.of("--data-binary", "@-", "-H", "Expect:", url));
    StringBuilder script = new StringBuilder();
    script.append("head -c \"$1\" /dev/zero | { shift; exec \"$@\"; }");
    List<String> shell =
        new ArrayList<>(List.of("sh", "-c", script.toString(), "upload", Long.toString(bytes)));
    shell.addAll(command);
    List<HttpAnswer> answers = parse(host.exec(patience.plus(Duration.ofSeconds(20)), shell));
    return answers.get(0);
  }

  private static List<String> command(Duration patience) {
    String seconds = String.format(Locale.ROOT, "%.3f", patience.toNanos() / 1e9);
    return new ArrayList<>(
        List.of(
            "curl",
            "-s",
            "-g",
            "-H",
            "Connection: close",
            "--max-time",
            seconds,
            "-w",
            MARK + "%{http_code} %{time_total} %{exitcode} %{errormsg}" + MARK));
  }

  private static List<HttpAnswer> parse(CommandResult result) {
    List<HttpAnswer> answers = new ArrayList<>();
    String text = result.output();
    int at = 0;
    while (true) {
      int mark = text.indexOf(MARK, at);
      int end = mark < 0 ? -1 : text.indexOf(MARK, mark + 1);
      if (end < 0) {
        if (answers.isEmpty()) {
          throw new LabException("curl said nothing of use: " + result);
        }
        return answers;
      }
      String[] words = text.substring(mark + 1, end).split(" ", 4);
      boolean ok = words[2].equals("0");
      answers.add(
          new HttpAnswer(
              Integer.parseInt(words[0]),
              text.substring(at, mark),
              ok ? "" : "curl (" + words[2] + ") " + words[3],
              Math.round(Double.parseDouble(words[1]) * 1000)));
      at = end + 1;
    }
  }
}
