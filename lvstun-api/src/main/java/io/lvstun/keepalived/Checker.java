// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A check of a real server as keepalived makes it. A server is up while all of its checks pass.
 *
 * <p>Immutable. Source: {@code keepalived.conf(5)} of 2.2.7.
 *
 * @since 0.1.0
 */
public sealed interface Checker {

  /**
   * Returns when the check is made.
   *
   * @return the timers; what is empty is inherited from the real server
   */
  CheckTimers timers();

  /**
   * Returns a check that passes when a TCP connection is made.
   *
   * @return the check
   */
  static Tcp tcp() {
    return new Tcp(CheckConnection.DEFAULT, CheckTimers.INHERITED);
  }

  /**
   * Returns a check that passes when an echo request is answered.
   *
   * @return the check
   */
  static Ping ping() {
    return new Ping(CheckConnection.DEFAULT, CheckTimers.INHERITED);
  }

  /**
   * Returns a check that passes when a page answers with status 200 to 299.
   *
   * @param path the page's path
   * @return the check
   * @throws IllegalArgumentException if the path cannot be written
   */
  static Http http(String path) {
    return new Http(
        false,
        CheckConnection.DEFAULT,
        CheckTimers.INHERITED,
        Optional.empty(),
        false,
        false,
        List.of(CheckedUrl.of(path)));
  }

  /**
   * Returns a check that passes when a page over TLS answers with status 200 to 299.
   *
   * @param path the page's path
   * @return the check
   * @throws IllegalArgumentException if the path cannot be written
   */
  static Http https(String path) {
    return new Http(
        true,
        CheckConnection.DEFAULT,
        CheckTimers.INHERITED,
        Optional.empty(),
        false,
        true,
        List.of(CheckedUrl.of(path)));
  }

  /**
   * Returns a check that passes when a command ends with status 0.
   *
   * @param command the command line; parameters with spaces stand between single quotes
   * @return the check
   * @throws IllegalArgumentException if the command cannot be written
   */
  static External misc(String command) {
    return new External(command, Optional.empty(), false, Optional.empty(), CheckTimers.INHERITED);
  }

  /**
   * A TCP connection.
   *
   * @param connection from where to where
   * @param timers when
   * @since 0.1.0
   */
  record Tcp(CheckConnection connection, CheckTimers timers) implements Checker {
    /** Checks that nothing is missing. */
    public Tcp {
      Objects.requireNonNull(timers, "timers");
      Objects.requireNonNull(connection, "connection");
    }

    /**
     * Returns a copy that connects elsewhere.
     *
     * @param edit makes the new value from the old one
     * @return a copy
     */
    public Tcp connection(UnaryOperator<CheckConnection> edit) {
      return new Tcp(edit.apply(connection), timers);
    }

    /**
     * Returns a copy with other timers.
     *
     * @param edit makes the new value from the old one
     * @return a copy
     */
    public Tcp timers(UnaryOperator<CheckTimers> edit) {
      return new Tcp(connection, edit.apply(timers));
    }
  }

  /**
   * An ICMP echo request.
   *
   * @param connection from where to where; the ports mean nothing
   * @param timers when
   * @since 0.1.0
   */
  record Ping(CheckConnection connection, CheckTimers timers) implements Checker {
    /** Checks that nothing is missing. */
    public Ping {
      Objects.requireNonNull(timers, "timers");
      Objects.requireNonNull(connection, "connection");
    }

    /**
     * Returns a copy with other timers.
     *
     * @param edit makes the new value from the old one
     * @return a copy
     */
    public Ping timers(UnaryOperator<CheckTimers> edit) {
      return new Ping(connection, edit.apply(timers));
    }
  }

  /**
   * Pages over HTTP, or over TLS; one page a loop.
   *
   * @param tls whether over TLS
   * @param connection from where to where
   * @param timers when
   * @param protocol {@code 1.0}, {@code 1.0C} (with {@code Connection: close}) or {@code 1.1}; by
   *     default 1.0
   * @param fastRecovery whether all pages are asked for at once at the start and after a failure
   * @param sni whether the virtual host is named in the TLS handshake
   * @param urls the pages, at least one: keepalived ignores a check without any
   * @since 0.1.0
   */
  record Http(
      boolean tls,
      CheckConnection connection,
      CheckTimers timers,
      Optional<String> protocol,
      boolean fastRecovery,
      boolean sni,
      List<CheckedUrl> urls)
      implements Checker {

    /**
     * Copies the list and checks it and the protocol.
     *
     * @throws IllegalArgumentException if there is no page, or the protocol is another one
     */
    public Http {
      Objects.requireNonNull(connection, "connection");
      Objects.requireNonNull(protocol, "protocol");
      Objects.requireNonNull(timers, "timers");
      Objects.requireNonNull(urls, "urls");
      urls = List.copyOf(urls);
      if (urls.isEmpty()) {
        throw new IllegalArgumentException(
            "HTTP_GET and SSL_GET need a url; keepalived ignores a check without one");
      }
      if (protocol.isPresent() && !List.of("1.0", "1.0C", "1.1").contains(protocol.get())) {
        throw new IllegalArgumentException(
            "http_protocol must be 1.0, 1.0C or 1.1, not "
                + ConfigSyntaxException.excerpt(protocol.get()));
      }
    }

    /**
     * Returns a copy that connects elsewhere.
     *
     * @param edit makes the new value from the old one
     * @return a copy
     */
    public Http connection(UnaryOperator<CheckConnection> edit) {
      return new Http(tls, edit.apply(connection), timers, protocol, fastRecovery, sni, urls);
    }

    /**
     * Returns a copy with other timers.
     *
     * @param edit makes the new value from the old one
     * @return a copy
     */
    public Http timers(UnaryOperator<CheckTimers> edit) {
      return new Http(tls, connection, edit.apply(timers), protocol, fastRecovery, sni, urls);
    }

    /**
     * Returns a copy with other pages.
     *
     * @param urls the pages, at least one
     * @return a copy
     * @throws IllegalArgumentException if there is none
     */
    public Http urls(List<CheckedUrl> urls) {
      return new Http(tls, connection, timers, protocol, fastRecovery, sni, urls);
    }
  }

  /**
   * An SMTP greeting and HELO.
   *
   * @param connection from where to where
   * @param timers when
   * @param heloName the name given in HELO; by default {@code smtpchecker.keepalived.org}
   * @since 0.1.0
   */
  record Smtp(CheckConnection connection, CheckTimers timers, Optional<String> heloName)
      implements Checker {

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if it cannot be written
     */
    public Smtp {
      Objects.requireNonNull(connection, "connection");
      Objects.requireNonNull(timers, "timers");
      heloName.ifPresent(name -> Checked.name("helo_name", name));
    }
  }

  /**
   * A DNS query over UDP.
   *
   * @param connection from where to where
   * @param timers when
   * @param type the type of the record, by default SOA
   * @param name the name that is asked for, by default the root
   * @since 0.1.0
   */
  record Dns(
      CheckConnection connection, CheckTimers timers, Optional<String> type, Optional<String> name)
      implements Checker {

    /**
     * Checks type and name.
     *
     * @throws IllegalArgumentException if one cannot be written
     */
    public Dns {
      Objects.requireNonNull(connection, "connection");
      Objects.requireNonNull(timers, "timers");
      type.ifPresent(value -> Checked.name("type", value));
      name.filter(value -> !value.equals(".")).ifPresent(value -> Checked.name("name", value));
    }
  }

  /**
   * A command: status 0 passes.
   *
   * @param command the command line
   * @param timeout after which the command has failed, whole seconds
   * @param dynamic whether a status of 2 to 255 passes, and makes the weight status - 2
   * @param user the user, and perhaps the group, that it runs as
   * @param timers when; there is no time-out of a connection
   * @since 0.1.0
   */
  record External(
      String command,
      Optional<Duration> timeout,
      boolean dynamic,
      Optional<String> user,
      CheckTimers timers)
      implements Checker {

    private static final Duration LONGEST = Duration.ofSeconds(4294);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is out of range or cannot be written
     */
    public External {
      Objects.requireNonNull(command, "command");
      Checked.command("misc_path", command);
      timeout.ifPresent(value -> Checked.duration("misc_timeout", value, false, LONGEST));
      user.ifPresent(value -> Checked.words("user", value));
      if (timers.connectTimeout().isPresent()) {
        throw new IllegalArgumentException("connect_timeout is none of a command's timers");
      }
    }

    /**
     * Returns a copy with other timers.
     *
     * @param edit makes the new value from the old one
     * @return a copy
     */
    public External timers(UnaryOperator<CheckTimers> edit) {
      return new External(command, timeout, dynamic, user, edit.apply(timers));
    }
  }

  /**
   * A session of Bidirectional Forwarding Detection that is configured elsewhere in the file.
   *
   * @param name the session's name
   * @since 0.1.0
   */
  record Bfd(String name) implements Checker {

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if it cannot be written
     */
    public Bfd {
      Objects.requireNonNull(name, "name");
      Checked.name("name", name);
    }

    @Override
    public CheckTimers timers() {
      return CheckTimers.INHERITED;
    }
  }

  /**
   * A UDP datagram: passes unless an ICMP error comes, or, if a reply is required, when it comes.
   *
   * @param connection from where to where
   * @param timers when
   * @param payload what is sent, in hexadecimal digits; by default random
   * @param requireReply whether there must be a reply
   * @param reply how it must begin, in hexadecimal digits with x for any; empty for anything
   * @param shortestReply its least length in bytes, by default 0
   * @param longestReply its greatest length in bytes, by default 255
   * @since 0.1.0
   */
  record Udp(
      CheckConnection connection,
      CheckTimers timers,
      Optional<String> payload,
      boolean requireReply,
      Optional<String> reply,
      Optional<Integer> shortestReply,
      Optional<Integer> longestReply)
      implements Checker {

    private static final int LONGEST_REPLY = 65507;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is out of range or is not hexadecimal
     */
    public Udp {
      Objects.requireNonNull(connection, "connection");
      Objects.requireNonNull(timers, "timers");
      payload.ifPresent(value -> hexadecimal("payload", value, ""));
      reply.ifPresent(value -> hexadecimal("require_reply", value, "xX"));
      shortestReply.ifPresent(value -> Checked.range("min_reply_length", value, 0, LONGEST_REPLY));
      longestReply.ifPresent(value -> Checked.range("max_reply_length", value, 0, LONGEST_REPLY));
      if (reply.isPresent() && !requireReply) {
        throw new IllegalArgumentException("a reply that is described must be required");
      }
    }

    private static void hexadecimal(String parameter, String value, String more) {
      boolean fits =
          !value.isEmpty()
              && value.length() % 2 == 0
              && value.length() <= 500
              && value
                  .chars()
                  .allMatch(c -> Character.digit(c, 16) >= 0 && c < 0x80 || more.indexOf(c) >= 0);
      if (!fits || value.toLowerCase(Locale.ROOT).endsWith("ff")) {
        throw new IllegalArgumentException(
            parameter
                + " must be an even number of hexadecimal digits, at most 500, whose last byte is"
                + " not ff (keepalived 2.2.7 refuses that one), not "
                + ConfigSyntaxException.excerpt(value));
      }
    }
  }

  /**
   * A watched file whose number, times a multiplier, is added to the weight.
   *
   * @param trackFile the name of the file's {@code track_file} block
   * @param multiplier by default 1
   * @param reverse whether the number is subtracted
   * @since 0.1.0
   */
  record WatchedFile(String trackFile, Optional<Integer> multiplier, boolean reverse)
      implements Checker {

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if it cannot be written
     */
    public WatchedFile {
      Objects.requireNonNull(trackFile, "trackFile");
      Checked.name("track_file", trackFile);
      if (reverse && multiplier.isEmpty()) {
        throw new IllegalArgumentException("reverse needs a multiplier");
      }
    }

    @Override
    public CheckTimers timers() {
      return CheckTimers.INHERITED;
    }
  }
}
