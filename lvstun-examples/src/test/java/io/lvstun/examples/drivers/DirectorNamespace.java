// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.drivers;

import io.lvstun.NetworkNamespace;
import io.lvstun.examples.lab.Lab;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network namespace of its own, with empty IPVS tables, and one interface {@code eth0} with an
 * address of each family that leads nowhere.
 */
final class DirectorNamespace implements AutoCloseable {

  /** The name of the interface. */
  static final String INTERFACE = "eth0";

  private static final AtomicInteger COUNT = new AtomicInteger();

  private final String name;

  DirectorNamespace() {
    Lab.require();
    name = "tables" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
    run(List.of("ip", "netns", "add", name), "");
    run(
        List.of("ip", "-n", name, "-batch", "-"),
        """
        link set lo up
        link add eth0 type dummy
        addr add 192.0.2.254/24 dev eth0
        addr add 2001:db8:ffff::1/64 dev eth0 nodad
        link set eth0 up
        """);
  }

  String name() {
    return name;
  }

  NetworkNamespace namespace() {
    return NetworkNamespace.named(name);
  }

  /** Runs a command in the namespace and returns what it writes; fails if the command does. */
  String run(String... command) {
    return feed("", command);
  }

  /** Runs a command with an input in the namespace and returns what it writes. */
  String feed(String input, String... command) {
    List<String> inside = new ArrayList<>(List.of("ip", "netns", "exec", name));
    inside.addAll(Arrays.asList(command));
    return run(inside, input);
  }

  /** Runs a command outside of any namespace of the tests, as {@link #run(String...)} does. */
  static String host(String... command) {
    return run(List.of(command), "");
  }

  @Override
  public void close() {
    // A namespace may outlive its name, and what its table uses cannot be unloaded.
    run("ipvsadm", "-C");
    run(List.of("ip", "netns", "delete", name), "");
  }

  /** Tells whether the guest's kernel has a module, without loading it. */
  static boolean hasModule(String module) {
    return execute(List.of("modprobe", "-q", "-n", module), "").exitCode == 0;
  }

  private record Result(int exitCode, String output) {}

  private static String run(List<String> command, String input) {
    Result result = execute(command, input);
    if (result.exitCode != 0) {
      throw new AssertionError(
          String.join(" ", command) + " ended with " + result.exitCode + ": " + result.output);
    }
    return result.output;
  }

  private static Result execute(List<String> command, String input) {
    try {
      Path in = Files.createTempFile("in", "");
      Path out = Files.createTempFile("out", "");
      try {
        Files.writeString(in, input);
        Process process =
            new ProcessBuilder(command)
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectErrorStream(true)
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError("not done after 60 s: " + String.join(" ", command));
        }
        return new Result(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8));
      } finally {
        Files.delete(in);
        Files.delete(out);
      }
    } catch (IOException e) {
      throw new AssertionError("cannot run " + String.join(" ", command), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
