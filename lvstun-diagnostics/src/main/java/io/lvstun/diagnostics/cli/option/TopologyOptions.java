// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli.option;

import io.lvstun.cluster.ClusterDocument;
import io.lvstun.cluster.ClusterDocumentException;
import io.lvstun.cluster.Role;
import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.cli.terminal.FileErrors;
import io.lvstun.host.Host;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The hosts that a command is about: options, a file, or what the director's table names.
 *
 * @since 0.1.0
 */
public final class TopologyOptions {

  private static final Pattern NAMED = Pattern.compile("(?<name>[A-Za-z0-9_.-]{1,64})=(?<host>.+)");
  private static final int LONGEST_FILE = 1 << 20;

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = {"-d", "--director"},
      paramLabel = "[NAME=]HOST",
      description = {
        "A director. A host is local, netns:NAME, ssh://user@host:port or user@host; NAME= gives it"
            + " a name in reports. May be repeated, as may the next three."
      })
  private List<String> directors = new ArrayList<>();

  @Option(
      names = {"-r", "--real-server"},
      paramLabel = "[NAME=]HOST",
      description = {
        "A real server. Without this option the real servers are those of the director's table,"
            + " reached over ssh."
      })
  private List<String> realServers = new ArrayList<>();

  @Option(
      names = {"-c", "--vantage"},
      paramLabel = "[NAME=]HOST",
      description = "A host that is neither, and sees what clients see.")
  private List<String> vantages = new ArrayList<>();

  @Option(
      names = {"-s", "--vip"},
      paramLabel = "ADDRESS:PORT",
      description =
          "A service: ADDRESS:PORT, udp:ADDRESS:PORT, sctp:ADDRESS:PORT, fwmark:N or an address"
              + " alone; IPv6 in brackets.")
  private List<String> services = new ArrayList<>();

  @Option(
      names = {"-t", "--topology"},
      paramLabel = "FILE",
      description = "All of these from a YAML file; - is standard input.")
  private @Nullable String file;

  @Option(
      names = "--ssh-user",
      paramLabel = "USER",
      description =
          "User on real servers that the director's table names (default: the user on the"
              + " director).")
  private @Nullable String user;

  @Option(
      names = "--no-discovery",
      description = "Do not look for real servers in the director's table.")
  private boolean noDiscovery;

  @Mixin private SshFlags ssh = new SshFlags();

  /** Whether any host was named. */
  public boolean given() {
    return file != null
        || !directors.isEmpty()
        || !realServers.isEmpty()
        || !vantages.isEmpty()
        || !services.isEmpty();
  }

  /** How hosts are reached through OpenSSH. */
  SshFlags ssh() {
    return ssh;
  }

  /**
   * Makes the topology. If only directors are named, they are asked for their tables.
   *
   * @param in standard input
   * @param deadline how long a director may take to tell its table
   * @throws ParameterException if the options contradict each other or make no sense
   */
  public Topology topology(InputStream in, Duration deadline) {
    if (file != null) {
      if (!directors.isEmpty()
          || !realServers.isEmpty()
          || !vantages.isEmpty()
          || !services.isEmpty()) {
        throw refused("--topology stands alone: the file names all hosts and services", null);
      }
      String text = read(file, in);
      try {
        return ClusterDocument.read(file, text, ssh.options());
      } catch (ClusterDocumentException e) {
        throw refused(String.valueOf(e.getMessage()), e);
      }
    }
    if (directors.isEmpty() && realServers.isEmpty()) {
      throw refused("a host is missing: --director, --real-server or --topology", null);
    }
    Topology.Builder builder = Topology.builder();
    add(builder, "--director", directors, Role.DIRECTOR);
    add(builder, "--real-server", realServers, Role.REAL_SERVER);
    add(builder, "--vantage", vantages, Role.VANTAGE);
    for (String service : services) {
      try {
        builder = builder.service(service);
      } catch (IllegalArgumentException e) {
        throw refused("--vip: " + e.getMessage(), e);
      }
    }
    try {
      if (realServers.isEmpty() && !noDiscovery) {
        Discovery.of(user, ssh.options(), deadline).addTo(builder);
      }
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw refused(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Makes the topology of the hosts that are named, and asks none of them for more.
   *
   * @param in standard input
   * @param role the role of this host, if none is named at all; null if one must be named
   * @throws ParameterException if the options contradict each other or make no sense
   */
  Topology stated(InputStream in, @Nullable Role role) {
    noDiscovery = true;
    if (file == null && directors.isEmpty() && realServers.isEmpty() && role != null) {
      (role == Role.DIRECTOR ? directors : realServers).add("local");
    }
    return topology(in, Duration.ofSeconds(30));
  }

  private void add(Topology.Builder builder, String option, List<String> hosts, Role role) {
    for (String text : hosts) {
      Matcher named = NAMED.matcher(text);
      boolean hasName = named.matches();
      Host host = ssh.host(option, hasName ? named.group("host") : text);
      try {
        if (hasName) {
          String name = named.group("name");
          switch (role) {
            case DIRECTOR -> builder.director(name, host);
            case REAL_SERVER -> builder.realServer(name, host);
            default -> builder.vantage(name, host);
          }
        } else {
          switch (role) {
            case DIRECTOR -> builder.director(host);
            case REAL_SERVER -> builder.realServer(host);
            default -> builder.vantage(host);
          }
        }
      } catch (IllegalArgumentException e) {
        throw refused(option + ": " + e.getMessage(), e);
      }
    }
  }

  private String read(String file, InputStream in) {
    try (InputStream opened = file.equals("-") ? null : Files.newInputStream(Path.of(file))) {
      byte[] bytes = (opened == null ? in : opened).readNBytes(LONGEST_FILE + 1);
      if (bytes.length > LONGEST_FILE) {
        throw refused(file + " is longer than 1 MiB", null);
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw refused(file + " is not UTF-8", e);
    } catch (IOException | IllegalArgumentException e) {
      throw refused("cannot read " + file + ": " + FileErrors.of(e), e);
    }
  }

  private ParameterException refused(String message, @Nullable Throwable cause) {
    return new ParameterException(spec.commandLine(), message, cause);
  }
}
