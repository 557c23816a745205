// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import io.lvstun.examples.lab.BackgroundCommand;
import io.lvstun.examples.lab.LabHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A real sshd on each host of a topology, whose key the operator knows, and the way to it: through
 * the client of the cluster.
 */
final class SshAccess implements AutoCloseable {

  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private final Path folder;
  private final Path configuration;
  private final Map<String, BackgroundCommand> daemons = new LinkedHashMap<>();

  /** Starts the daemons. */
  SshAccess(LabHost operator, Collection<LabHost> hosts) {
    try {
      folder =
          Files.createTempDirectory(
              Path.of("/run"),
              "ssh",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      configuration = folder.resolve("config");
      // sshd changes its root to this folder, while it does not trust the client yet.
      Files.createDirectories(Path.of("/run/sshd"));
      makeKey(operator, "operator");
      makeKey(operator, "host");
      String hostKey = Files.readString(folder.resolve("host.pub"));
      List<String> known = new ArrayList<>();
      for (LabHost host : hosts) {
        known.add(host.address() + " " + hostKey.strip());
        daemons.put(host.name(), startDaemon(host));
      }
      Files.write(folder.resolve("known_hosts"), known);
      Files.writeString(
          configuration,
          """
          Host *
            IdentityFile %1$s/operator
            UserKnownHostsFile %1$s/known_hosts
            GlobalKnownHostsFile /dev/null
            KexAlgorithms curve25519-sha256
            ProxyCommand ip netns exec %2$s socat - TCP:%%h:%%p
          """
              .formatted(folder, operator.name()));
      daemons.values().forEach(SshAccess::awaitStart);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void makeKey(LabHost host, String name) {
    host.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder.resolve(name).toString());
  }

  private BackgroundCommand startDaemon(LabHost host) {
    return host.start(
        "/usr/sbin/sshd",
        "-D",
        "-e",
        "-f",
        "/dev/null",
        "-o",
        "HostKey=" + folder.resolve("host"),
        "-o",
        "AuthorizedKeysFile=" + folder.resolve("operator.pub"),
        "-o",
        "PidFile=none",
        "-o",
        "UsePAM=no",
        "-o",
        "PasswordAuthentication=no",
        "-o",
        "LogLevel=VERBOSE",
        "-o",
        "ListenAddress=" + host.address());
  }

  /** The configuration that OpenSSH's client needs to get there. */
  Path configuration() {
    return configuration;
  }

  /** How often somebody logged in to the host, as its sshd tells. */
  long logins(LabHost host) {
    return daemon(host)
        .errors()
        .lines()
        .filter(line -> line.contains("Accepted publickey"))
        .count();
  }

  /** Ends the daemon, as when it crashed; the host runs on. */
  void stop(LabHost host) {
    daemon(host).close();
  }

  /** Starts a daemon again that was stopped. */
  void start(LabHost host) {
    BackgroundCommand daemon = startDaemon(host);
    daemons.put(host.name(), daemon);
    awaitStart(daemon);
  }

  private static void awaitStart(BackgroundCommand daemon) {
    daemon.awaitErrors(text -> text.contains("Server listening"), DEADLINE);
  }

  private BackgroundCommand daemon(LabHost host) {
    BackgroundCommand daemon = daemons.get(host.name());
    if (daemon == null) {
      throw new IllegalArgumentException("no sshd was started on " + host);
    }
    return daemon;
  }

  @Override
  public void close() {
    daemons.values().forEach(BackgroundCommand::close);
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
