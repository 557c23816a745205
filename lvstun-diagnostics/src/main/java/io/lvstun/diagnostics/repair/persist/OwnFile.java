// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair.persist;

import io.lvstun.host.FileChange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A configuration file of ours that holds statements.
 *
 * @since 0.1.0
 */
public record OwnFile(String path, FileFormat format, String subject, List<String> statements)
    implements FileChange {

  /** Copies the list. */
  public OwnFile {
    statements = List.copyOf(statements);
  }

  @Override
  public OwnFile at(String otherPath) {
    return new OwnFile(otherPath, format, subject, statements);
  }

  /** A file with statements is no single command. */
  @Override
  public List<String> command() {
    return List.of();
  }

  @Override
  public List<String> query() {
    return List.of("file", path, "", "");
  }

  @Override
  public String wanted(String current) {
    if (current.equals(NONE)) {
      return format.render(subject, format.with(List.of(), statements));
    }
    List<String> present =
        format.parse(subject, current).orElseThrow(() -> new ForeignFileException(path));
    List<String> all = format.with(present, statements);
    return all.equals(present) ? current : format.render(subject, all);
  }

  @Override
  public List<String> operation(String current, String target) {
    String expected = current.equals(NONE) ? "none" : Hex.of(current);
    return target.equals(NONE)
        ? List.of("remove", path, expected)
        : List.of("write", path, expected, format.mode(), target);
  }

  @Override
  public @Nullable String merged(String before, String after, String current) {
    if (current.equals(NONE)) {
      return null;
    }
    List<String> now = format.parse(subject, current).orElse(null);
    List<String> then = format.parse(subject, after).orElse(null);
    List<String> first =
        before.equals(NONE) ? List.of() : format.parse(subject, before).orElse(null);
    if (now == null || then == null || first == null) {
      return null;
    }
    return format
        .without(now, first, then)
        .map(left -> left.isEmpty() ? NONE : format.render(subject, left))
        .orElse(null);
  }

  @Override
  public String text() {
    return path + ": " + String.join("; ", statements);
  }
}
