// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import io.lvstun.ForeignText;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A machine reached through the system's OpenSSH client. */
final class SshHost implements Host {

  private static final Pattern TARGET =
      Pattern.compile(
          "(?:ssh://)?(?:(?<user>[A-Za-z0-9_][A-Za-z0-9_.+-]*)@)?"
              + "(?:\\[(?<literal>[0-9A-Fa-f:.]+(?:%[A-Za-z0-9_.-]+)?)]"
              + "|(?<host>[A-Za-z0-9_][A-Za-z0-9_.-]*))"
              + "(?::(?<port>[0-9]{1,5}))?/?");

  /**
   * What runs on the other side. It is the same for every command: the arguments come over standard
   * input, a line each, so that no shell there ever reads one as code. First it repeats a mark,
   * which separates a command that ended with 255 from a connection that failed, and drops what
   * log-in scripts have printed.
   */
  static final String RECEIVER =
      "exec /bin/sh -c 'IFS= read -r m && IFS= read -r n && printf \"%s\\n\" \"$m\" && set -- &&"
          + " while [ \"$n\" -gt 0 ]; do IFS= read -r a; a=$(printf \"%b_\" \"$a\");"
          + " set -- \"$@\" \"${a%_}\"; n=$((n-1)); done; exec \"$@\"'";

  private static final Pattern OTHER_USER =
      Pattern.compile("(?i)log ?in as (the )?(user )?\"?[a-z_]");

  private static final SecureRandom RANDOM = new SecureRandom();

  private final @Nullable String user;
  private final String host;
  private final int port;
  private final SshOptions options;

  private SshHost(@Nullable String user, String host, int port, SshOptions options) {
    this.user = user;
    this.host = host;
    this.port = port;
    this.options = options;
  }

  static SshHost parse(String target, SshOptions options) {
    Matcher matcher = TARGET.matcher(target);
    if (target.length() > 512 || !matcher.matches()) {
      throw new IllegalArgumentException(
          "ssh host must be user@host or ssh://user@host:port, not "
              + ForeignText.printable(target));
    }
    String literal = matcher.group("literal");
    String port = matcher.group("port");
    int number = port == null ? 0 : Integer.parseInt(port);
    if (port != null && (number < 1 || number > 65535)) {
      throw new IllegalArgumentException("ssh port must be 1 to 65535, not " + port);
    }
    return new SshHost(
        matcher.group("user"), literal == null ? matcher.group("host") : literal, number, options);
  }

  @Override
  public String specification() {
    return "ssh://"
        + (user == null ? "" : user + "@")
        + (host.indexOf(':') >= 0 ? "[" + host + "]" : host)
        + (port == 0 ? "" : ":" + port);
  }

  @Override
  public String label() {
    return port == 0 || port == 22
        ? host
        : (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  /** The client's arguments, without the program that runs on the other side. */
  List<String> clientArguments() {
    List<String> arguments = new ArrayList<>();
    arguments.add("ssh");
    options.configuration().ifPresent(file -> arguments.addAll(List.of("-F", file.toString())));
    options.identity().ifPresent(file -> arguments.addAll(List.of("-i", file.toString())));
    for (String option :
        List.of(
            "BatchMode=yes",
            "StrictHostKeyChecking=yes",
            "ConnectTimeout=" + options.connectTimeout().toSeconds(),
            "RemoteCommand=none",
            "RequestTTY=no",
            "PermitLocalCommand=no",
            "ClearAllForwardings=yes",
            "ForwardAgent=no",
            "ForwardX11=no",
            "LogLevel=ERROR")) {
      arguments.add("-o");
      arguments.add(option);
    }
    if (port != 0) {
      arguments.add("-p");
      arguments.add(Integer.toString(port));
    }
    if (user != null) {
      arguments.add("-l");
      arguments.add(user);
    }
    arguments.add("--");
    arguments.add(host);
    return arguments;
  }

  @Override
  public CommandResult run(HostCommand command) {
    byte[] random = new byte[16];
    RANDOM.nextBytes(random);
    String mark = "lvstun-" + HexFormat.of().formatHex(random);
    List<String> arguments = clientArguments();
    arguments.add(RECEIVER);
    CommandResult result = BoundedProcess.run(this, command, arguments, message(mark, command));
    String output = result.output();
    int start = output.indexOf(mark + "\n");
    if (start < 0) {
      throw notReached(command, result);
    }
    return new CommandResult(
        result.exitCode(),
        output.substring(start + mark.length() + 1),
        result.errors(),
        result.timedOut(),
        result.truncated(),
        result.took());
  }

  private HostException notReached(HostCommand command, CommandResult result) {
    String errors = ForeignText.printable(result.errors().strip());
    // Forced commands, nologin and banners speak on standard output.
    String words = ForeignText.printable(result.output().strip());
    String said = words.isEmpty() || errors.isEmpty() ? errors + words : errors + "; " + words;
    String reason;
    if (result.timedOut()) {
      reason = "no answer within " + command.deadline().toMillis() + " ms";
    } else if (said.isEmpty()) {
      reason = "ssh ended with status " + result.exitCode() + " and said nothing";
    } else {
      reason = said;
    }
    String hint;
    if (said.contains("Host key verification failed")) {
      hint = "Add the host's key to known_hosts first: connect once by hand and compare it.";
    } else if (said.contains("Permission denied")) {
      hint = "Log in with a key that needs no pass phrase, or load it into ssh-agent.";
    } else if (OTHER_USER.matcher(said).find()) {
      hint = "Log in as the user that it names: the host refuses this one.";
    } else if (said.contains("account is currently not available")) {
      hint = "The account's shell lets nobody in: log in as another user.";
    } else {
      hint = "Try the same by hand: " + ShellText.join(clientArguments()) + " true";
    }
    return HostException.of(this, "connect", reason, hint);
  }

  /**
   * The mark, the number of arguments, the arguments for {@code printf %b}, and the command's
   * input.
   */
  static byte[] message(String mark, HostCommand command) {
    StringBuilder text = new StringBuilder();
    text.append(mark).append('\n').append(command.arguments().size()).append('\n');
    for (String argument : command.arguments()) {
      text.append(argument.replace("\\", "\\\\").replace("\n", "\\n")).append('\n');
    }
    text.append(command.input());
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SshHost that
        && specification().equals(that.specification())
        && options.equals(that.options);
  }

  @Override
  public int hashCode() {
    return specification().hashCode();
  }

  @Override
  public String toString() {
    return specification();
  }
}
