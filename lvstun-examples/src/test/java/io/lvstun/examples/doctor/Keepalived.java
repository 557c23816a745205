// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import io.lvstun.examples.lab.BackgroundCommand;
import io.lvstun.examples.lab.LabHost;
import io.lvstun.examples.lab.Topology;
import java.util.List;
import java.util.stream.Stream;

/**
 * keepalived on the director: it makes the service, asks each real server for a page every second,
 * and takes out of the table those that do not answer. Its files are gone when it is closed.
 */
final class Keepalived implements AutoCloseable {

  private final LabHost director;
  private final BackgroundCommand daemon;

  Keepalived(Topology cluster, Service service) {
    director = cluster.director();
    director.run(
        "sh", "-ec", "cat >/tmp/lvs.conf <<'EOF'\n" + configuration(cluster, service) + "EOF");
    daemon =
        director.start(
            "keepalived",
            "-n",
            "-l",
            "-C",
            "-p",
            "/tmp/lvs.pid",
            "-c",
            "/tmp/lvs-check.pid",
            "-f",
            "/tmp/lvs.conf");
  }

  private static String configuration(Topology cluster, Service service) {
    StringBuilder text = new StringBuilder();
    text.append("virtual_server ")
        .append(service.ipv6() ? cluster.vip6() : cluster.vip())
        .append(" 80 {\n  delay_loop 1\n  lvs_sched rr\n  lvs_method TUN")
        .append(service == Service.GUE ? " type gue port 6080" : "")
        .append("\n  protocol TCP\n");
    for (LabHost server : cluster.realServers()) {
      text.append("  real_server ")
          .append(service == Service.IPV4_OVER_IPV6 ? server.address6() : server.address())
          .append(
              """
               80 {
                  HTTP_GET {
                    url {
                      path /
                      status_code 200
                    }
                    connect_timeout 1
                    retry 1
                    delay_before_retry 1
                  }
                }
              """);
    }
    return text.append("}\n").toString();
  }

  /** How often a real server was found to answer again, or for the first time. */
  long checked() {
    return log().stream().filter(line -> line.contains("succeed on service")).count();
  }

  /** What it has said so far. */
  List<String> log() {
    return Stream.concat(daemon.output().lines(), daemon.errors().lines()).toList();
  }

  /** How many real servers are in the director's table. */
  long servers() {
    return director.run("ipvsadm", "-Sn").lines().filter(line -> line.startsWith("-a ")).count();
  }

  /** Ends it; it takes its service with it. */
  @Override
  public void close() {
    daemon.close();
    director.run("rm", "-f", "/tmp/lvs.conf");
  }
}
