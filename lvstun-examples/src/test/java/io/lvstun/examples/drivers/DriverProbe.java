// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.drivers;

import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.DriverOptions;
import io.lvstun.LvsException;
import io.lvstun.NetworkNamespace;
import io.lvstun.VirtualService;
import io.lvstun.ipvsadm.IpvsadmDriverProvider;
import io.lvstun.netlink.NetlinkDriverProvider;
import io.lvstun.network.HostNetwork;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.IpvsDriverProvider;
import io.lvstun.spi.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Tries a driver in a process whose rights and folders are not those of the tests. */
final class DriverProbe {

  /** What the driver adds if it works. */
  static final VirtualService SERVICE = VirtualService.fwmark(4711);

  private DriverProbe() {}

  /**
   * Takes the driver's name, and perhaps that of a network namespace; or "network" to set the
   * loopback interface up. Prints the rights of the process, then what came of it: a line that
   * begins with "added", or the exception.
   */
  public static void main(String[] arguments) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("Uid:") || line.startsWith("CapEff:")) {
        System.out.println(line.replaceAll("\\s+", " "));
      }
    }
    if (arguments[0].equals("network")) {
      tryNetwork();
      return;
    }
    IpvsDriverProvider provider =
        arguments[0].equals("netlink") ? new NetlinkDriverProvider() : new IpvsadmDriverProvider();
    Optional<NetworkNamespace> namespace =
        arguments.length > 1 ? Optional.of(NetworkNamespace.named(arguments[1])) : Optional.empty();
    try (IpvsDriver driver = provider.open(new DriverOptions(namespace, Duration.ofSeconds(30)))) {
      for (Outcome outcome : driver.execute(List.of(new Command.AddService(SERVICE)))) {
        if (outcome.error() != null) {
          throw outcome.error();
        }
      }
      try (var connections = driver.connections()) {
        System.out.println(
            "added, read "
                + driver.services(Consistency.VERIFIED).size()
                + " services and "
                + connections.count()
                + " connections");
      }
    } catch (LvsException e) {
      System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }

  private static void tryNetwork() {
    try (HostNetwork network = HostNetwork.open()) {
      network.setUp("lo", true);
      System.out.println("lo is up: " + network.link("lo").orElseThrow().isUp());
    } catch (LvsException e) {
      System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }
}
