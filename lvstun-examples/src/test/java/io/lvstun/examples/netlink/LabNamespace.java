// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.netlink;

import io.lvstun.DriverOptions;
import io.lvstun.NetworkNamespace;
import io.lvstun.examples.lab.Lab;
import io.lvstun.netlink.NetlinkDriverProvider;
import io.lvstun.spi.IpvsDriver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A network namespace with an interface eth0 and empty IPVS tables. Closing it deletes it. */
final class LabNamespace implements AutoCloseable {

  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final String name = "nl" + NUMBER.incrementAndGet();

  LabNamespace() {
    Lab.require();
    run("ip", "netns", "add", name);
    inside("ip", "link", "set", "lo", "up");
    inside("ip", "link", "add", "eth0", "mtu", "1500", "type", "dummy");
    inside("ip", "link", "set", "eth0", "up");
    inside("ip", "address", "add", "10.9.0.1/16", "dev", "eth0");
    inside("ip", "-6", "address", "add", "fd09::1/64", "dev", "eth0", "nodad");
  }

  String name() {
    return name;
  }

  NetworkNamespace namespace() {
    return NetworkNamespace.named(name);
  }

  IpvsDriver driver() {
    return driver(Duration.ofSeconds(20));
  }

  IpvsDriver driver(Duration deadline) {
    return new NetlinkDriverProvider().open(new DriverOptions(Optional.of(namespace()), deadline));
  }

  /** Runs a command in the namespace; it must succeed. */
  String inside(String... command) {
    String[] whole = new String[command.length + 4];
    whole[0] = "ip";
    whole[1] = "netns";
    whole[2] = "exec";
    whole[3] = name;
    System.arraycopy(command, 0, whole, 4, command.length);
    return run(whole);
  }

  /** Runs a command that must succeed; returns what it printed. */
  static String run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new AssertionError(Arrays.toString(command) + ": " + output);
      }
      return output;
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    // A namespace may outlive its name, and what its table uses cannot be unloaded.
    inside("ipvsadm", "-C");
    run("ip", "netns", "delete", name);
  }
}
