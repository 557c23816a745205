// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a configuration after comments, inclusions, conditions, parameters and sequences:
 * each has at most one brace, at its end.
 *
 * <p>Costs are bounded: {@link #MOST_LINES} lines, {@link #MOST_FILES} files, and {@link
 * #DEEPEST_EXPANSION} expansions of one line.
 */
final class LineSource {

  /** keepalived cuts lines at this length, in characters, and reads the rest as a line. */
  static final int LONGEST_LINE = 1023;

  private static final int MOST_LINES = 1_000_000;
  private static final int MOST_FILES = 4096;
  private static final int DEEPEST_INCLUSION = 16;
  private static final int DEEPEST_EXPANSION = 2000;
  private static final int MOST_ROUNDS = 100_000;
  private static final int LONGEST_EXPANSION = 1 << 16;
  private static final long MOST_CHARACTERS = 128L << 20;

  private static final Pattern INCLUSION = Pattern.compile("include([rmwba]?)\\s+(\\S.*)");
  private static final Pattern DEFINITION =
      Pattern.compile("\\$([A-Za-z_][A-Za-z0-9_]*)=(.*)", Pattern.DOTALL);
  private static final Pattern USE =
      Pattern.compile(
          "\\$\\{([A-Za-z_][A-Za-z0-9_]*)([^{}$]*)\\}|\\$([A-Za-z_][A-Za-z0-9_]*)(?=\\s|$)");

  private final ConfigFiles files;
  private final Optional<String> configId;
  private final List<ImportLoss> losses;
  private final Map<String, String> parameters = new HashMap<>();
  private final Deque<OpenFile> open = new ArrayDeque<>();
  private final Deque<SourceLine> pending = new ArrayDeque<>();
  private int filesRead;
  private int linesRead;
  private long charactersMade;

  LineSource(ConfigFiles files, Optional<String> configId, List<ImportLoss> losses) {
    this.files = files;
    this.configId = configId;
    this.losses = losses;
  }

  /** A file that is being read. */
  private static final class OpenFile {
    private final String path;
    private final String[] lines;
    private final Deque<String> included = new ArrayDeque<>();
    private SourcePosition inclusion;
    private int next;

    OpenFile(String path, String text) {
      this.path = path;
      this.lines = text.split("\n", -1);
      this.inclusion = new SourcePosition(path, 1, 1);
    }

    String directory() {
      int slash = path.lastIndexOf('/');
      return slash < 0 ? "" : slash == 0 ? "/" : path.substring(0, slash);
    }
  }

  /** Opens the file that reading begins with. */
  void open(String path) {
    push(path, new SourcePosition(path, 1, 1));
  }

  private void push(String path, SourcePosition place) {
    if (open.size() >= DEEPEST_INCLUSION) {
      throw new ConfigSyntaxException(
          place, "files include one another more than " + DEEPEST_INCLUSION + " deep");
    }
    if (open.stream().anyMatch(file -> file.path.equals(path))) {
      throw new ConfigSyntaxException(place, path + " includes itself");
    }
    if (++filesRead > MOST_FILES) {
      throw new ConfigSyntaxException(place, "more than " + MOST_FILES + " files are included");
    }
    try {
      String text = files.read(path);
      charge(text.length(), place);
      open.push(new OpenFile(path, text));
    } catch (IOException e) {
      throw new ConfigSyntaxException(
          place, path + " cannot be read: " + ConfigSyntaxException.excerpt(reason(e)));
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private void charge(long characters, SourcePosition place) {
    charactersMade += characters;
    if (charactersMade > MOST_CHARACTERS) {
      throw new ConfigSyntaxException(
          place, "the configuration has more than " + (MOST_CHARACTERS >> 20) + " MiB of text");
    }
  }

  /** Returns the next line that is neither blank nor a definition; null at the end. */
  @Nullable SourceLine next() {
    while (true) {
      SourceLine line = pending.poll();
      if (line == null) {
        line = nextOfFile();
      }
      if (line == null) {
        return null;
      }
      Optional<SourceLine> ready = process(line.stripped());
      if (ready.isPresent()) {
        return ready.get();
      }
    }
  }

  private @Nullable SourceLine nextOfFile() {
    while (!open.isEmpty()) {
      OpenFile file = open.peek();
      String included = file.included.poll();
      if (included != null) {
        push(included, file.inclusion);
        continue;
      }
      if (file.next == file.lines.length) {
        open.pop();
        continue;
      }
      SourceLine line = rawLine(file);
      Matcher inclusion = INCLUSION.matcher(line.text());
      if (inclusion.matches()) {
        include(file, line, inclusion.group(2));
        continue;
      }
      return line;
    }
    return null;
  }

  private SourceLine rawLine(OpenFile file) {
    String raw = file.lines[file.next++];
    if (raw.endsWith("\r")) {
      raw = raw.substring(0, raw.length() - 1);
    }
    int nul = raw.indexOf('\0');
    if (nul >= 0) {
      throw new ConfigSyntaxException(
          new SourcePosition(file.path, file.next, nul + 1),
          "there is a NUL; keepalived would pass over the rest of the line");
    }
    if (raw.length() > LONGEST_LINE) {
      throw new ConfigSyntaxException(
          new SourcePosition(file.path, file.next, LONGEST_LINE + 1),
          "the line has "
              + raw.length()
              + " characters; keepalived cuts lines after "
              + LONGEST_LINE
              + " and reads the rest as another line");
    }
    String text = withoutComment(raw).stripTrailing();
    return SourceLine.of(text, file.path, file.next, 1).stripped();
  }

  /** A comment begins with # or ! outside double quotes, unless a backslash stands before it. */
  private static String withoutComment(String raw) {
    boolean quoted = false;
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && (c == '#' || c == '!')) {
        return raw.substring(0, i);
      }
    }
    return raw;
  }

  private void include(OpenFile file, SourceLine line, String pattern) {
    List<String> paths = files.find(file.directory(), pattern.replace("\"", ""));
    if (paths.isEmpty()) {
      lose(ImportLoss.Kind.INVALID, line, "no file matches");
    }
    file.inclusion = line.place();
    file.included.addAll(paths);
  }

  private void lose(ImportLoss.Kind kind, SourceLine line, String reason) {
    losses.add(
        new ImportLoss(
            kind,
            line.place(),
            ConfigSyntaxException.excerpt(Statement.withoutSecret(line.text())),
            reason));
  }

  private Optional<SourceLine> process(SourceLine line) {
    parameters.putAll(line.defines());
    if (line.text().isEmpty()) {
      return Optional.empty();
    }
    if (++linesRead > MOST_LINES) {
      throw new ConfigSyntaxException(
          line.place(), "the configuration expands to more than " + MOST_LINES + " lines");
    }
    if (line.text().startsWith("@")) {
      condition(line);
      return Optional.empty();
    }
    Matcher definition = DEFINITION.matcher(line.text());
    if (definition.matches()) {
      define(line, definition.group(1), definition.group(2));
      return Optional.empty();
    }
    if (Sequence.begins(line.text())) {
      sequence(line);
      return Optional.empty();
    }
    if (line.text().indexOf('$') >= 0) {
      Optional<SourceLine> replaced = substitute(line, 0, line.text().length());
      if (replaced.isPresent()) {
        pending.addFirst(replaced.get());
        return Optional.empty();
      }
    }
    return Optional.of(splitAtBraces(line));
  }

  private void condition(SourceLine line) {
    String text = line.text();
    boolean negated = text.startsWith("@^");
    int start = negated ? 2 : 1;
    int end = start;
    while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
      end++;
    }
    String id = text.substring(start, end);
    boolean same = configId.isPresent() && configId.get().equals(id);
    if (same != negated) {
      pending.addFirst(line.from(end));
      return;
    }
    lose(
        ImportLoss.Kind.OTHER_HOST,
        line,
        configId
            .map(own -> "the line is not for configuration id " + own)
            .orElse("no configuration id was given, so that the line is left out"));
  }

  private void define(SourceLine line, String name, String first) {
    String value = first.strip();
    if (!value.endsWith("\\")) {
      parameters.put(name, value);
      return;
    }
    StringBuilder all = new StringBuilder(withoutContinuation(value));
    while (true) {
      SourceLine next = pending.poll();
      if (next == null) {
        OpenFile file = open.peek();
        if (file == null || file.next == file.lines.length) {
          break;
        }
        next = rawLine(file);
      }
      boolean goesOn = next.text().endsWith("\\");
      String text = goesOn ? withoutContinuation(next.text()) : next.text();
      all.append(all.length() == 0 ? "" : "\n").append(text);
      if (all.length() > LONGEST_EXPANSION) {
        throw new ConfigSyntaxException(
            line.place(),
            "the parameter " + name + " has more than " + LONGEST_EXPANSION + " characters");
      }
      if (!goesOn) {
        break;
      }
    }
    parameters.put(name, all.toString());
  }

  private static String withoutContinuation(String text) {
    return text.substring(0, text.length() - 1).strip();
  }

  private void sequence(SourceLine line) {
    int end = Sequence.end(line.text());
    if (end > 0) {
      Optional<SourceLine> replaced = substitute(line, 0, end);
      if (replaced.isPresent()) {
        pending.addFirst(replaced.get());
        return;
      }
    }
    Optional<Sequence> sequence;
    try {
      sequence = Sequence.parse(line.text(), MOST_ROUNDS);
    } catch (ArithmeticException e) {
      throw new ConfigSyntaxException(
          line.place(), e.getMessage() + "; at most " + MOST_ROUNDS + " are read");
    }
    if (sequence.isEmpty()) {
      lose(ImportLoss.Kind.INVALID, line, "the sequence is not valid; keepalived ignores the line");
      return;
    }
    String rest = line.text().substring(sequence.get().end());
    List<Map<String, String>> rounds = sequence.get().rounds();
    charge((long) rest.length() * rounds.size(), line.place());
    if (line.depth() >= DEEPEST_EXPANSION || pending.size() + rounds.size() > MOST_LINES) {
      throw endless(line);
    }
    for (int i = rounds.size() - 1; i >= 0; i--) {
      pending.addFirst(line.expandedTo(rest, rounds.get(i)));
    }
  }

  /** Replaces the first parameter between two offsets; empty if there is none that is defined. */
  private Optional<SourceLine> substitute(SourceLine line, int from, int to) {
    Matcher use = USE.matcher(line.text());
    use.region(from, to);
    use.useAnchoringBounds(false);
    use.useTransparentBounds(true);
    while (use.find()) {
      String name = use.group(1) != null ? use.group(1) : use.group(3);
      Optional<String> value = value(line, name);
      if (value.isEmpty() || use.group(1) != null && !plain(name, use.group(2))) {
        continue;
      }
      if (line.depth() >= DEEPEST_EXPANSION) {
        throw endless(line);
      }
      String text =
          line.text().substring(0, use.start()) + value.get() + line.text().substring(use.end());
      charge(text.length(), line.place());
      if (text.length() > LONGEST_EXPANSION) {
        throw endless(line);
      }
      String[] lines = text.split("\n", -1);
      for (int i = lines.length - 1; i > 0; i--) {
        pending.addFirst(line.expandedTo(lines[i], Map.of()));
      }
      return Optional.of(line.expandedTo(lines[0], Map.of()));
    }
    return Optional.empty();
  }

  private static boolean plain(String name, String rest) {
    return rest.isBlank() || name.equals("_RANDOM");
  }

  private static ConfigSyntaxException endless(SourceLine line) {
    return new ConfigSyntaxException(
        line.place(), "the parameters of this line expand without end, or beyond every use");
  }

  private Optional<String> value(SourceLine line, String name) {
    return switch (name) {
      case "_HASH" -> Optional.of("#");
      case "_BANG" -> Optional.of("!");
      case "_INSTANCE" -> configId;
      case "_PWD" -> {
        int slash = line.file().lastIndexOf('/');
        yield Optional.of(slash < 0 ? "." : line.file().substring(0, slash));
      }
      case "_RANDOM" -> {
        lose(ImportLoss.Kind.NO_COUNTERPART, line, "keepalived takes a random number; 0 is read");
        yield Optional.of("0");
      }
      default -> Optional.ofNullable(parameters.get(name));
    };
  }

  /** Cuts a line after its first brace outside quotes; what follows is read next. */
  private SourceLine splitAtBraces(SourceLine line) {
    String text = line.text();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && (c == '{' || c == '}')) {
        int end = i == 0 ? 1 : i;
        if (end < text.length()) {
          pending.addFirst(line.from(end));
        }
        return new SourceLine(
            text.substring(0, end),
            line.file(),
            line.line(),
            line.column(),
            line.expanded(),
            line.depth(),
            Map.of());
      }
    }
    return line;
  }
}
