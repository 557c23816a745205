// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import io.lvstun.DriverOptions;
import io.lvstun.ForeignText;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A machine, or a network namespace of one, on which commands can be run.
 *
 * <p>A command is a list of arguments; no shell reads them, on no kind of host. Implementations are
 * thread-safe and hold nothing open between two commands. Others than those made here may be
 * written, for example to reach containers.
 *
 * @since 0.1.0
 */
public interface Host {

  /**
   * Returns the machine and network namespace that this process runs in.
   *
   * @return the host {@code local}
   */
  static Host local() {
    return LocalHost.INSTANCE;
  }

  /**
   * Returns a machine reached through the system's OpenSSH client, with the user's own
   * configuration, keys, agent and jump hosts. Nothing is ever asked for: a host whose key is not
   * known, or that wants a password, cannot be reached.
   *
   * @param target {@code host}, {@code user@host} or {@code ssh://user@host:port}; an IPv6 address
   *     stands in brackets
   * @return the host
   * @throws IllegalArgumentException if the target is none of these, or looks like an option
   */
  static Host ssh(String target) {
    Objects.requireNonNull(target, "target");
    return SshHost.parse(target, SshOptions.DEFAULTS);
  }

  /**
   * Returns a machine reached through the system's OpenSSH client.
   *
   * @param target {@code host}, {@code user@host} or {@code ssh://user@host:port}
   * @param options what differs from the user's own configuration
   * @return the host
   * @throws IllegalArgumentException if the target is none of these, or looks like an option
   */
  static Host ssh(String target, SshOptions options) {
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(target, "target");
    return SshHost.parse(target, options);
  }

  /**
   * Returns a network namespace of this machine, as {@code ip netns add} makes them. Files are
   * those of the machine, but for {@code /sys} and what {@code /etc/netns/NAME} lays over {@code
   * /etc}. The host stays in the namespace that its first command found: if the name is made anew,
   * commands end with {@link HostException}, and a new host leads to the new one.
   *
   * @param name the namespace's name
   * @return the host
   * @throws IllegalArgumentException if it cannot be a namespace's name
   */
  static Host netns(String name) {
    Objects.requireNonNull(name, "name");
    return new NamespaceHost(name);
  }

  /**
   * Reads a host from text.
   *
   * @param specification {@code local}, {@code netns:NAME}, {@code ssh://user@host:port} or {@code
   *     user@host}
   * @return the host
   * @throws IllegalArgumentException if it is none of these, or looks like an option
   */
  static Host parse(String specification) {
    return parse(specification, SshOptions.DEFAULTS);
  }

  /**
   * Reads a host from text.
   *
   * @param specification {@code local}, {@code netns:NAME}, {@code ssh://user@host:port} or {@code
   *     user@host}
   * @param options for hosts reached through OpenSSH
   * @return the host
   * @throws IllegalArgumentException if it is none of these, or looks like an option
   */
  static Host parse(String specification, SshOptions options) {
    Objects.requireNonNull(options, "options");
    if (specification.equals("local")) {
      return local();
    }
    if (specification.startsWith("netns:")) {
      return netns(specification.substring("netns:".length()));
    }
    if (specification.startsWith("ssh://") || specification.indexOf('@') > 0) {
      return ssh(specification, options);
    }
    throw new IllegalArgumentException(
        "host must be local, netns:NAME or ssh://user@host:port, not "
            + ForeignText.printable(specification));
  }

  /**
   * Returns what {@link #parse(String)} reads.
   *
   * @return for example {@code ssh://root@rs1:22}
   */
  String specification();

  /**
   * Returns a short name for people.
   *
   * @return for example {@code rs1}
   */
  String label();

  /**
   * Runs a command and waits for it. When the deadline passes, or the output grows beyond its
   * bound, the command is killed and the result says so.
   *
   * @param command what to run
   * @return its status and output
   * @throws HostException if the host cannot be reached or the program cannot be started there
   */
  CommandResult run(HostCommand command);

  /**
   * Reads a small text file.
   *
   * @param path absolute path
   * @return the content, at most 1 MiB of it
   * @throws HostException if it cannot be read
   * @throws IllegalArgumentException if the path is not absolute
   */
  default String readFile(String path) {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException(
          "path must be absolute, not " + ForeignText.printable(path));
    }
    CommandResult result = run(HostCommand.of(List.of("cat", path)).maxOutput(1 << 20));
    if (result.exitCode() != 0 && !result.truncated()) {
      throw HostException.of(
          this,
          "read " + path,
          ForeignText.printable(result.errors().strip()),
          "Run as root, or see whether the file is there.");
    }
    return result.output();
  }

  /**
   * Returns how a driver of this process reaches the host's IPVS tables.
   *
   * @return empty if the host is another machine
   */
  default Optional<DriverOptions> driverOptions() {
    return Optional.empty();
  }
}
