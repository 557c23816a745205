// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Collects what a topology consists of, then makes it with one run of {@code ip -batch}. Starting
 * processes is what costs time in an emulated guest.
 */
final class NetworkScript {
  private static final Duration DEADLINE = Duration.ofSeconds(120);
  private static final Pattern FAILED = Pattern.compile("Command failed (\\S+):(\\d+)");

  private final List<String> links = new ArrayList<>();
  private final Map<String, Namespace> namespaces = new LinkedHashMap<>();

  /** One namespace's part. */
  static final class Namespace {
    final List<String> ip = new ArrayList<>();
    final List<String> ip6 = new ArrayList<>();
    final List<String> sysctl = new ArrayList<>();
    final List<String> tc = new ArrayList<>();

    void ip(String line) {
      ip.add(line);
    }

    /** For {@code ip -6}, after all of the lines without. */
    void ip6(String line) {
      ip6.add(line);
    }

    void sysctl(String name, int value) {
      // A dash in front: a kernel without IPv6 or a device is no reason to stop; what matters is
      // found out by the packets.
      sysctl.add("-" + name.replace('.', '/') + " = " + value);
    }

    void tc(String line) {
      tc.add(line);
    }
  }

  Namespace namespace(String name) {
    return namespaces.computeIfAbsent(name, key -> new Namespace());
  }

  /** Adds a virtual Ethernet cable between two namespaces. */
  void cable(String left, String leftDevice, String right, String rightDevice) {
    namespace(left);
    namespace(right);
    links.add(
        "link add "
            + leftDevice
            + " netns "
            + left
            + " type veth peer name "
            + rightDevice
            + " netns "
            + right);
  }

  /** Makes everything. Settings come before devices go up, devices before addresses. */
  void execute() {
    try {
      Path folder = Files.createTempDirectory("lvstun-topology");
      try {
        List<String> batch = new ArrayList<>();
        for (String name : namespaces.keySet()) {
          batch.add("netns add " + name);
        }
        batch.addAll(links);
        for (Map.Entry<String, Namespace> entry : namespaces.entrySet()) {
          String name = entry.getKey();
          Namespace part = entry.getValue();
          Path ip = folder.resolve(name + ".ip");
          Path sysctl = folder.resolve(name + ".sysctl");
          Path ip6 = folder.resolve(name + ".ip6");
          Path tc = folder.resolve(name + ".tc");
          Files.write(sysctl, part.sysctl);
          Files.write(ip, part.ip);
          Files.write(ip6, part.ip6);
          Files.write(tc, part.tc);
          if (!part.sysctl.isEmpty()) {
            batch.add("netns exec " + name + " sysctl -q -p " + sysctl);
          }
          batch.add("netns exec " + name + " ip -batch " + ip);
          if (!part.ip6.isEmpty()) {
            batch.add("netns exec " + name + " ip -6 -batch " + ip6);
          }
          if (!part.tc.isEmpty()) {
            batch.add("netns exec " + name + " tc -batch " + tc);
          }
        }
        CommandResult result =
            Commands.run(List.of("ip", "-batch", "-"), String.join("\n", batch) + "\n", DEADLINE);
        if (!result.succeeded() || !result.errors().isBlank()) {
          throw new LabException(
              "cannot make the topology:\n" + result.errors() + explain(batch, result.errors()));
        }
      } finally {
        try (Stream<Path> files = Files.list(folder)) {
          for (Path file : files.toList()) {
            Files.delete(file);
          }
        }
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new LabException("cannot write the topology's settings", e);
    }
  }

  /** The line that failed, which {@code ip -batch} names by file and number only. */
  private String explain(List<String> batch, String errors) {
    StringBuilder text = new StringBuilder();
    Matcher failed = FAILED.matcher(errors);
    while (failed.find()) {
      int line = Integer.parseInt(failed.group(2)) - 1;
      String file = failed.group(1);
      List<String> lines =
          file.equals("-") ? batch : lines(file.substring(file.lastIndexOf('/') + 1));
      if (line >= 0 && line < lines.size()) {
        text.append("that is: ").append(lines.get(line)).append('\n');
      }
    }
    return text.toString();
  }

  private List<String> lines(String file) {
    int dot = file.lastIndexOf('.');
    Namespace part = namespace(file.substring(0, dot));
    return switch (file.substring(dot + 1)) {
      case "ip" -> part.ip;
      case "ip6" -> part.ip6;
      case "tc" -> part.tc;
      default -> List.of();
    };
  }
}
