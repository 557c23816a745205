// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts;

import io.lvstun.ForeignText;
import io.lvstun.diagnostics.facts.section.Redaction;
import io.lvstun.diagnostics.facts.section.Section;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The output of the collecting script, cut into sections. The marker that frames them is random, so
 * that what stands inside a section cannot pretend to be another.
 */
final class Frames {

  private final List<Section> sections = new ArrayList<>();
  private final Map<String, String> problems;
  private final String marker;
  private boolean complete;
  private @Nullable String open;

  private Frames(String marker, Map<String, String> problems) {
    this.marker = marker;
    this.problems = problems;
  }

  static Frames parse(String output, String errors, String marker) {
    Frames frames = new Frames(marker, problems(errors, marker));
    frames.read(output);
    return frames;
  }

  List<Section> sections() {
    return sections;
  }

  /** Whether the script came to its end. */
  boolean complete() {
    return complete;
  }

  /** The section in which the output stopped. */
  @Nullable String open() {
    return open;
  }

  private static Map<String, String> problems(String errors, String marker) {
    Map<String, String> problems = new HashMap<>();
    String begin = "\n" + marker + " B ";
    String text = "\n" + errors;
    int at = text.indexOf(begin);
    while (at >= 0) {
      int lineEnd = text.indexOf('\n', at + 1);
      if (lineEnd < 0) {
        break;
      }
      int next = text.indexOf(begin, lineEnd);
      String problem = text.substring(lineEnd, next < 0 ? text.length() : next);
      problems.put(
          text.substring(at + begin.length(), lineEnd), ForeignText.printable(problem.strip()));
      at = next;
    }
    return problems;
  }

  private void read(String output) {
    String begin = "\n" + marker + " B ";
    String end = "\n" + marker + " R ";
    String text = "\n" + output;
    int at = 0;
    while (true) {
      int start = text.indexOf(begin, at);
      int lineEnd = start < 0 ? -1 : text.indexOf('\n', start + 1);
      if (lineEnd < 0) {
        break;
      }
      String[] head = text.substring(start + begin.length(), lineEnd).split(" ", 2);
      int bodyEnd = text.indexOf(end, lineEnd);
      int statusEnd = bodyEnd < 0 ? -1 : text.indexOf('\n', bodyEnd + 1);
      if (statusEnd < 0) {
        open = ForeignText.printable(head[0]);
        break;
      }
      sections.add(
          section(
              head[0],
              head.length < 2 ? "" : head[1],
              lineEnd + 1 >= bodyEnd ? "" : text.substring(lineEnd + 1, bodyEnd),
              text.substring(bodyEnd + end.length(), statusEnd)));
      at = statusEnd;
    }
    complete = text.indexOf("\n" + marker + " END", at) >= 0;
  }

  private Section section(String name, String source, String body, String status) {
    String problem = problems.getOrDefault(name, "");
    Section.State state =
        switch (status) {
          case "absent" -> Section.State.ABSENT;
          case "unreadable", "126", "127" -> Section.State.UNREADABLE;
          // A silent 1 is grep's, and means that there was nothing to find. With a text, part of it
          // was read.
          default ->
              body.isBlank() && !status.equals("0") && !(status.equals("1") && problem.isEmpty())
                  ? Section.State.UNREADABLE
                  : Section.State.READ;
        };
    if (state == Section.State.UNREADABLE && problem.isEmpty()) {
      problem = "ended with status " + ForeignText.printable(status);
    }
    return new Section(
        ForeignText.printable(name),
        ForeignText.printable(source),
        state,
        Redaction.redact(ForeignText.clean(body), name.equals("configuration")),
        problem,
        false);
  }
}
