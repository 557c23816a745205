// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts;

import io.lvstun.diagnostics.facts.section.Section;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Facts that the collecting script recorded on real hosts, and facts that differ from them in one
 * thing. {@code recorded/README.md} says how they came about.
 */
public final class Recorded {

  private static final String MARKER = "MARK";
  private static final Map<String, HostFacts> READ = new ConcurrentHashMap<>();

  private HostFacts facts;

  private Recorded(HostFacts facts) {
    this.facts = facts;
  }

  /** The facts of a recording, for example {@code json-rs1}. */
  public static HostFacts facts(String name) {
    return READ.computeIfAbsent(name, Recorded::read);
  }

  private static HostFacts read(String name) {
    Frames frames = Frames.parse(resource(name + ".txt"), resource(name + ".err"), MARKER);
    if (!frames.complete()) {
      throw new IllegalStateException(name + " is not complete");
    }
    return HostFacts.of(
        "netns:" + name.substring(name.indexOf('-') + 1),
        Instant.parse("2026-01-02T03:04:05Z"),
        Duration.ofMillis(1500),
        1,
        frames.sections());
  }

  /** What the script wrote, framed by {@code MARK}. */
  public static String output(String name) {
    return resource(name + ".txt");
  }

  public static String resource(String name) {
    try (InputStream in =
        Recorded.class.getResourceAsStream("/io/lvstun/diagnostics/recorded/" + name)) {
      if (in == null) {
        throw new IllegalStateException("no recording " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Begins facts that differ from others. */
  public static Recorded edit(HostFacts facts) {
    return new Recorded(facts);
  }

  /** Sets a kernel parameter, {@code net/ipv4/conf/all/rp_filter}. */
  public Recorded sysctl(String path, String value) {
    String line = "/proc/sys/" + path + ":";
    return lines(
        "files",
        lines -> {
          lines.removeIf(each -> each.startsWith(line));
          lines.add(line + value);
        });
  }

  /** Takes the lines away that contain a word. */
  public Recorded without(String section, String word) {
    return lines(section, lines -> lines.removeIf(line -> line.contains(word)));
  }

  /** Adds a line. */
  public Recorded line(String section, String line) {
    return lines(section, lines -> lines.add(line));
  }

  /** Replaces text; it must be there. */
  public Recorded replace(String section, String old, String with) {
    String text = facts.section(section).orElseThrow().text();
    if (!text.contains(old)) {
      throw new IllegalStateException("no " + old + " in " + section);
    }
    return text(section, text.replace(old, with));
  }

  /** Sets a section's whole text. */
  public Recorded text(String section, String text) {
    String source = facts.section(section).map(Section::source).orElse("");
    facts = facts.with(List.of(Section.read(section, source, text)));
    return this;
  }

  /** Makes a section one that could not be read. */
  public Recorded unreadable(String section, String problem) {
    facts = facts.with(List.of(Section.unreadable(section, "", problem)));
    return this;
  }

  /** Makes a section one that is rightly absent. */
  public Recorded absent(String section) {
    facts = facts.with(List.of(Section.absent(section, "made absent")));
    return this;
  }

  private Recorded lines(String section, java.util.function.Consumer<List<String>> edit) {
    List<String> lines =
        new ArrayList<>(facts.section(section).orElseThrow().text().lines().toList());
    edit.accept(lines);
    return text(section, String.join("\n", lines) + "\n");
  }

  public HostFacts facts() {
    return facts;
  }
}
