// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A running cluster of hosts, each a network namespace of the guest. Closing it ends all of their
 * processes and removes the namespaces with everything in them: IPVS tables, devices, settings.
 *
 * <p>There are two kinds. In a <em>routed</em> one, {@code client}, {@code director} and each real
 * server are in networks of their own around {@code router}, as in the tutorial:
 *
 * <pre>
 *   client 10.0.0.100 ---- router ---- director 192.168.1.100, VIP 192.168.1.200
 *                           |  |
 *       rs1 192.168.2.101 --+  +-- rs2 192.168.3.102
 * </pre>
 *
 * In a <em>flat</em> one they share one wire: {@code client} 10.0.0.100, {@code director}
 * 192.168.1.100 and 10.0.0.1, {@code rs1} 192.168.1.101 and so on.
 *
 * <p>Every host has one device, {@code eth0}, and beside its IPv4 address an IPv6 address with the
 * same numbers: fd00:192:168:2::101 goes with 192.168.2.101, fd00:192:168:1::200 with the VIP. A
 * second director is {@code director2}, 192.168.1.99. Routers and directors do not filter reverse
 * paths; real servers do, unless their {@link Preparation} changes it.
 *
 * <p>Real servers run an HTTP server on all their addresses (the VIP too), on ports 80 and 8080.
 * {@code GET /} answers with the server's name, {@code /bytes/N} with N bytes, {@code /wait/MS}
 * with the name after a while, {@code /ticks/N} with the name ten times a second, N times; a POST
 * or PUT is read and its length told. On the same UDP ports they answer each packet with their name
 * and what it held.
 *
 * <p>Namespace names belong to the guest: there is one topology at a time. Thread-safe.
 *
 * @since 0.1.0
 */
public final class Topology implements AutoCloseable {
  private final Map<String, LabHost> hosts;
  private final List<String> namespaces;
  private final int servers;
  private final int directors;

  Topology(Map<String, LabHost> hosts, List<String> namespaces, int servers, int directors) {
    this.hosts = Collections.unmodifiableMap(new LinkedHashMap<>(hosts));
    this.namespaces = List.copyOf(namespaces);
    this.servers = servers;
    this.directors = directors;
  }

  /** The tutorial's cluster: routed, one director, two real servers ready for tunnels. */
  public static TopologyBuilder tutorial() {
    return routed(2);
  }

  /** A routed topology with this many real servers, ready for tunnels. */
  public static TopologyBuilder routed(int realServers) {
    return new TopologyBuilder(false, realServers);
  }

  /** A topology on one wire with this many real servers, ready for direct routing. */
  public static TopologyBuilder flat(int realServers) {
    return new TopologyBuilder(true, realServers);
  }

  /** The VIP, 192.168.1.200. */
  public String vip() {
    return AddressPlan.VIP;
  }

  /** The IPv6 VIP, fd00:192:168:1::200. */
  public String vip6() {
    return AddressPlan.v6(AddressPlan.VIP);
  }

  /** {@code http://192.168.1.200/}. */
  public String vipUrl() {
    return "http://" + vip() + "/";
  }

  /** {@code http://[fd00:192:168:1::200]/}. */
  public String vip6Url() {
    return "http://[" + vip6() + "]/";
  }

  /** The client. */
  public LabHost client() {
    return host("client");
  }

  /** The first director. */
  public LabHost director() {
    return host("director");
  }

  /**
   * A director by number, from 1.
   *
   * @throws IllegalArgumentException if there is none with this number
   */
  public LabHost director(int number) {
    return host(number == 1 ? "director" : "director" + number);
  }

  /**
   * A real server by number, from 1.
   *
   * @throws IllegalArgumentException if there is none with this number
   */
  public LabHost realServer(int number) {
    return host("rs" + number);
  }

  /** The real servers, in order. */
  public List<LabHost> realServers() {
    List<LabHost> list = new ArrayList<>();
    for (int i = 1; i <= servers; i++) {
      list.add(realServer(i));
    }
    return list;
  }

  /** The directors, in order. */
  public List<LabHost> directors() {
    List<LabHost> list = new ArrayList<>();
    for (int i = 1; i <= directors; i++) {
      list.add(director(i));
    }
    return list;
  }

  /**
   * A host by name: client, director, director2, rs1 and so on.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  public LabHost host(String name) {
    LabHost host = hosts.get(name);
    if (host == null) {
      throw new IllegalArgumentException("name: there is no " + name + " among " + hosts.keySet());
    }
    return host;
  }

  /** All hosts, by name; the router or switch in their middle is not among them. */
  public Map<String, LabHost> hosts() {
    return hosts;
  }

  void refuseIfPresent() {
    for (String line : ip("netns", "list").orThrow().lines()) {
      String name = line.split(" ", 2)[0];
      if (namespaces.contains(name)) {
        throw new LabException(
            "there is a namespace " + name + " already: close the topology it belongs to first");
      }
    }
  }

  /** Ends everything. Doing it twice does no harm. */
  @Override
  public void close() {
    List<String> batch = new ArrayList<>();
    List<String> present = new ArrayList<>();
    for (String line : ip("netns", "list").orThrow().lines()) {
      String name = line.split(" ", 2)[0];
      if (namespaces.contains(name)) {
        present.add(name);
      }
    }
    if (present.isEmpty()) {
      return;
    }
    for (String name : present) {
      for (String pid : ip("netns", "pids", name).orThrow().lines()) {
        ProcessHandle.of(Long.parseLong(pid.strip())).ifPresent(ProcessHandle::destroyForcibly);
      }
      if (name.startsWith("director")) {
        // A namespace may outlive its name, and what its table uses cannot be unloaded.
        CommandResult ignored = ip("netns", "exec", name, "ipvsadm", "-C");
      }
      batch.add("netns delete " + name);
    }
    // Journals of namespaces go by the kernel's number of each, which it gives to others later.
    Commands.run(List.of("rm", "-rf", "/var/lib/lvstun/netns"), "", Duration.ofSeconds(30))
        .orThrow();
    Commands.run(
            List.of("ip", "-batch", "-"), String.join("\n", batch) + "\n", Duration.ofSeconds(60))
        .orThrow();
  }

  private static CommandResult ip(String... arguments) {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    return Commands.run(command, "", Duration.ofSeconds(30));
  }
}
