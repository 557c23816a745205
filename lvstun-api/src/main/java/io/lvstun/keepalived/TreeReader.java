// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Makes a tree of the lines as keepalived does: which brace opens and closes what depends on the
 * keywords it knows.
 *
 * <p>A brace after a keyword that takes no block, or that is not known, is ignored; the closing one
 * then ends the enclosing block. A keyword that takes a block begins it without a brace, too.
 */
final class TreeReader {

  private static final int DEEPEST = 64;

  private final LineSource lines;
  private final List<ImportLoss> losses;
  private final Deque<Level> levels = new ArrayDeque<>();

  /** What has been read of a block. */
  private static final class Level {
    private final Grammar.Block grammar;
    private final List<Word> words;
    private final List<Statement> children = new ArrayList<>();

    Level(Grammar.Block grammar, List<Word> words) {
      this.grammar = grammar;
      this.words = words;
    }
  }

  TreeReader(LineSource lines, List<ImportLoss> losses) {
    this.lines = lines;
    this.losses = losses;
  }

  List<Statement> read() {
    Level top = new Level(Grammar.TOP, List.of());
    levels.push(top);
    Optional<Level> expected = Optional.empty();
    for (SourceLine line = lines.next(); line != null; line = lines.next()) {
      if (line.text().startsWith("{")) {
        if (expected.isPresent()) {
          enter(expected.get());
        } else {
          strayBrace(line0(line));
        }
        expected = Optional.empty();
        continue;
      }
      expected.ifPresent(this::missingBlock);
      expected = Optional.empty();
      if (line.text().startsWith("}")) {
        leave(line);
        continue;
      }
      List<Word> words = Words.of(line, losses);
      if (!words.isEmpty()) {
        expected = statement(words);
      }
    }
    expected.ifPresent(this::missingBlock);
    if (levels.size() > 1) {
      Level open = levels.element();
      lose(
          ImportLoss.Kind.SYNTAX,
          new Statement(open.words, true, List.of()),
          "its block is not closed; it is read as if it ended with the file");
    }
    while (levels.size() > 1) {
      close();
    }
    return List.copyOf(top.children);
  }

  private static Statement line0(SourceLine line) {
    return new Statement(List.of(new Word(line.text(), line.place())), false, List.of());
  }

  /** Takes a line's words; returns the level that a brace would open. */
  private Optional<Level> statement(List<Word> words) {
    Level level = levels.element();
    if (level.grammar.values()) {
      level.children.add(new Statement(words, true, List.of()));
      return Optional.empty();
    }
    String keyword = words.get(0).text();
    boolean known = level.grammar.knows(keyword);
    Optional<Grammar.Block> block = level.grammar.block(keyword);
    if (block.isPresent()) {
      return Optional.of(new Level(block.get(), words));
    }
    Statement statement = new Statement(words, known, List.of());
    level.children.add(statement);
    if (!known) {
      lose(
          ImportLoss.Kind.UNKNOWN,
          statement,
          "keepalived does not know this keyword " + where(level) + " and ignores it");
    } else if (level.grammar.isNewer(keyword)) {
      lose(
          ImportLoss.Kind.NEWER,
          statement,
          "keepalived 2.2.7 does not know this keyword; newer ones do");
    }
    return Optional.empty();
  }

  private static String where(Level level) {
    return level.words.isEmpty()
        ? "outside blocks"
        : "in " + ConfigSyntaxException.excerpt(level.words.get(0).text());
  }

  private void enter(Level level) {
    if (levels.size() > DEEPEST) {
      throw new ConfigSyntaxException(
          level.words.get(0).place(), "blocks are nested more than " + DEEPEST + " deep");
    }
    levels.push(level);
  }

  private void missingBlock(Level level) {
    lose(
        ImportLoss.Kind.SYNTAX,
        new Statement(level.words, true, List.of()),
        "no brace follows; keepalived warns and reads on as if there were one");
    enter(level);
  }

  private void strayBrace(Statement brace) {
    lose(
        ImportLoss.Kind.SYNTAX,
        brace,
        "no block begins here; keepalived ignores the brace, and its partner ends what encloses"
            + " it");
  }

  private void leave(SourceLine line) {
    if (levels.size() == 1) {
      lose(ImportLoss.Kind.SYNTAX, line0(line), "no block ends here; keepalived ignores the brace");
    } else {
      close();
    }
  }

  private void close() {
    Level done = levels.pop();
    levels.element().children.add(new Statement(done.words, true, done.children));
  }

  private void lose(ImportLoss.Kind kind, Statement statement, String reason) {
    losses.add(ImportLoss.of(kind, statement, reason));
  }
}
