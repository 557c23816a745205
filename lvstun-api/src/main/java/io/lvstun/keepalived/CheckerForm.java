// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a checker's block. */
final class CheckerForm {

  private static final Set<String> KEYWORDS =
      Set.of(
          "HTTP_GET",
          "SSL_GET",
          "TCP_CHECK",
          "SMTP_CHECK",
          "DNS_CHECK",
          "MISC_CHECK",
          "BFD_CHECK",
          "UDP_CHECK",
          "PING_CHECK",
          "FILE_CHECK");

  private final StatementReader reader;
  private final Statement block;
  private final Grammar.Block grammar;
  private final Optional<String> inheritedHost;
  private final TimersForm timers;
  private final Map<String, Statement> rest = new HashMap<>();
  private final List<Statement> urls = new ArrayList<>();
  private CheckConnection connection = CheckConnection.DEFAULT;

  private CheckerForm(
      StatementReader reader,
      Statement block,
      Grammar.Block grammar,
      Optional<String> inheritedHost) {
    this.reader = reader;
    this.block = block;
    this.grammar = grammar;
    this.inheritedHost = inheritedHost;
    this.timers = new TimersForm(reader, 0);
  }

  static boolean takes(String keyword) {
    return KEYWORDS.contains(keyword);
  }

  static Optional<Checker> read(
      StatementReader reader,
      Statement block,
      Grammar.Block server,
      Optional<String> inheritedHost,
      CheckConnection connection) {
    Grammar.Block grammar = server.block(block.keyword()).orElseThrow();
    CheckerForm form = new CheckerForm(reader, block, grammar, inheritedHost);
    form.connection = connection;
    block.block().forEach(form::statement);
    Optional<Checker> checker = reader.attempt(block, form::checker).flatMap(made -> made);
    form.rest.values().forEach(statement -> reader.untaken(statement, grammar));
    return checker;
  }

  private void statement(Statement statement) {
    switch (statement.keyword()) {
      case "connect_ip" ->
          reader.take(
              statement,
              reader.address(statement),
              value -> connection = connection.address(value));
      case "connect_port" ->
          reader.take(
              statement,
              reader.integer(statement, 1, 65535),
              value -> connection = connection.port(value));
      case "bindto" ->
          reader.take(
              statement, reader.address(statement), value -> connection = connection.source(value));
      case "bind_if" ->
          reader.take(
              statement,
              reader.text(statement),
              value -> connection = connection.interfaceName(value));
      case "bind_port" ->
          reader.take(
              statement,
              reader.integer(statement, 1, 65535),
              value -> connection = connection.sourcePort(value));
      case "fwmark" ->
          reader.take(
              statement,
              reader.number(statement, 1, 0xffff_ffffL),
              value -> connection = connection.mark(value));
      case "url" -> urls.add(statement);
      case "host" ->
          reader.noCounterpart(
              statement, "a list of hosts is not read; the check asks the real server itself");
      case "log_all_failures" ->
          reader.noCounterpart(statement, "what is written to the log is not configured here");
      default -> {
        if (!timers.takes(statement)) {
          rest.put(statement.keyword(), statement);
        }
      }
    }
  }

  private Optional<Checker> checker() {
    CheckTimers when = timers.timers();
    return switch (block.keyword()) {
      case "TCP_CHECK" -> Optional.of(new Checker.Tcp(connection, when));
      case "PING_CHECK" -> Optional.of(new Checker.Ping(connection, when));
      case "SMTP_CHECK" -> Optional.of(new Checker.Smtp(connection, when, string("helo_name")));
      case "DNS_CHECK" ->
          Optional.of(new Checker.Dns(connection, when, string("type"), string("name")));
      case "MISC_CHECK" -> misc(when);
      case "BFD_CHECK" -> named("name").map(Checker.Bfd::new);
      case "UDP_CHECK" -> Optional.of(udp(when));
      case "FILE_CHECK" -> named("track_file").map(this::file);
      default -> Optional.of(http(when));
    };
  }

  private @Nullable Statement taken(String keyword) {
    return rest.remove(keyword);
  }

  private Optional<String> string(String keyword) {
    Statement statement = taken(keyword);
    return statement == null ? Optional.empty() : reader.text(statement);
  }

  private Optional<String> named(String keyword) {
    Optional<String> name = string(keyword);
    if (name.isEmpty()) {
      reader.invalid(block, keyword + " is missing; keepalived ignores the check");
    }
    return name;
  }

  private boolean flag(String keyword) {
    Statement statement = taken(keyword);
    return statement != null && reader.choice(statement).orElse(false);
  }

  private Optional<Integer> count(String keyword, int most) {
    Statement statement = taken(keyword);
    return statement == null ? Optional.empty() : reader.integer(statement, 0, most);
  }

  private Optional<Checker> misc(CheckTimers when) {
    Statement command = taken("misc_path");
    Statement user = taken("user");
    Optional<Duration> timeout =
        Optional.ofNullable(taken("misc_timeout")).flatMap(reader::seconds);
    boolean dynamic = flag("misc_dynamic");
    if (command == null) {
      reader.invalid(block, "misc_path is missing; keepalived ignores the check");
      return Optional.empty();
    }
    return reader
        .line(command)
        .map(
            line ->
                new Checker.External(
                    line,
                    timeout,
                    dynamic,
                    user == null ? Optional.empty() : reader.line(user),
                    when));
  }

  private Checker udp(CheckTimers when) {
    Statement reply = taken("require_reply");
    Statement payload = taken("payload");
    Optional<String> bytes =
        payload == null
            ? Optional.empty()
            : reader.line(payload).flatMap(text -> bytes(payload, text));
    Optional<String> expected =
        reply == null || reply.arguments().isEmpty()
            ? Optional.empty()
            : reader.line(reply).flatMap(text -> bytes(reply, text));
    return new Checker.Udp(
        connection,
        when,
        bytes,
        reply != null,
        expected,
        count("min_reply_length", 65507),
        count("max_reply_length", 65507));
  }

  /** keepalived takes a last byte ff for the end of something that it cannot read. */
  private Optional<String> bytes(Statement statement, String text) {
    String digits = hexadecimal(text);
    if (digits.toLowerCase(Locale.ROOT).endsWith("ff")) {
      reader.invalid(
          statement,
          "keepalived refuses bytes whose last one is ff, and ignores the statement's bytes");
      return Optional.empty();
    }
    return Optional.of(digits);
  }

  /** Each word is bytes of two digits; an odd first digit of the rest is a byte of its own. */
  private static String hexadecimal(String text) {
    StringBuilder digits = new StringBuilder();
    for (String word : text.split("\\s+")) {
      for (int i = 0; i < word.length(); i += 2) {
        int end = Math.min(i + 2, word.length());
        digits.append(end - i == 1 ? "0" : "").append(word, i, end);
      }
    }
    return digits.toString();
  }

  private Checker file(String name) {
    Statement weight = taken("weight");
    if (weight == null) {
      return new Checker.WatchedFile(name, Optional.empty(), false);
    }
    return new Checker.WatchedFile(
        name,
        reader.number(weight, -2147483647, 2147483647).map(Long::intValue),
        weight.argument(1).filter("reverse"::equals).isPresent());
  }

  private Checker http(CheckTimers when) {
    Optional<String> protocol = string("http_protocol");
    boolean fast = flag("fast_recovery");
    boolean sni = flag("enable_sni");
    Optional<String> host = string("virtualhost").or(() -> inheritedHost);
    List<CheckedUrl> pages = new ArrayList<>();
    for (Statement url : urls) {
      reader.attempt(url, () -> page(url, host)).ifPresent(pages::add);
    }
    return new Checker.Http(
        block.keyword().equals("SSL_GET"), connection, when, protocol, fast, sni, pages);
  }

  private CheckedUrl page(Statement url, Optional<String> inherited) {
    CheckerForm form =
        new CheckerForm(reader, url, grammar.block("url").orElseThrow(), Optional.empty());
    url.block().forEach(statement -> form.rest.put(statement.keyword(), statement));
    Statement statuses = form.taken("status_code");
    CheckedUrl page =
        new CheckedUrl(
            form.string("path").orElse("/"),
            form.string("digest"),
            statuses == null ? List.of() : ranges(statuses),
            form.string("virtualhost").or(() -> inherited),
            form.pattern());
    form.rest.values().forEach(statement -> reader.untaken(statement, form.grammar));
    return page;
  }

  private List<CheckedUrl.StatusRange> ranges(Statement statement) {
    List<CheckedUrl.StatusRange> ranges = new ArrayList<>();
    for (String word : statement.arguments()) {
      int dash = word.indexOf('-');
      reader
          .attempt(
              statement,
              () -> {
                int first =
                    Checked.number("status_code", dash < 0 ? word : word.substring(0, dash));
                int last =
                    dash < 0 ? first : Checked.number("status_code", word.substring(dash + 1));
                return new CheckedUrl.StatusRange(first, last);
              })
          .ifPresent(ranges::add);
    }
    return ranges;
  }

  private Optional<CheckedUrl.BodyPattern> pattern() {
    Statement pattern = taken("regex");
    Statement absent = taken("regex_no_match");
    Statement options = taken("regex_options");
    Optional<Integer> least = count("regex_min_offset", Integer.MAX_VALUE);
    Optional<Integer> most = count("regex_max_offset", Integer.MAX_VALUE);
    if (pattern == null) {
      return Optional.empty();
    }
    return reader
        .text(pattern)
        .map(
            text ->
                new CheckedUrl.BodyPattern(
                    text,
                    absent != null,
                    options == null ? List.of() : options.arguments(),
                    least,
                    most));
  }
}
