// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.lab;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One host of a topology: a network namespace that {@code ip netns} knows by the host's name.
 *
 * <p>Commands are argument lists and run as root inside the namespace; no shell sees them. They
 * have a deadline of 30 s unless another is given. Thread-safe.
 *
 * @since 0.1.0
 */
public final class LabHost {
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private final String name;
  private final String address;
  private final String farHost;
  private final String farDevice;
  private volatile LinkQuality quality;
  private volatile @Nullable BackgroundCommand server;

  /**
   * @param farHost the namespace at the other end of this host's cable, and
   * @param farDevice the device there
   */
  LabHost(String name, String address, String farHost, String farDevice, LinkQuality quality) {
    this.name = name;
    this.address = address;
    this.farHost = farHost;
    this.farDevice = farDevice;
    this.quality = quality;
  }

  /** The name of the host, and of its namespace. */
  public String name() {
    return name;
  }

  /** The namespace as a file, which a program can enter with {@code setns}. */
  public Path namespace() {
    return Path.of("/run/netns", name);
  }

  /** The IPv4 address of the host's eth0. */
  public String address() {
    return address;
  }

  /** The IPv6 address of the host's eth0. */
  public String address6() {
    return AddressPlan.v6(address);
  }

  /** {@link #address()} as a value. */
  public InetAddress inetAddress() {
    return literal(address());
  }

  /** {@link #address6()} as a value. */
  public InetAddress inetAddress6() {
    return literal(address6());
  }

  private static InetAddress literal(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new AssertionError(text + " is a literal", e);
    }
  }

  // ------------------------------------------------------------------------------------- commands

  /**
   * Runs a command to its end and returns what it left behind, whatever its exit status is.
   *
   * @throws LabException if the command cannot be run or has not ended after 30 s
   */
  @CanIgnoreReturnValue
  public CommandResult exec(String... command) {
    return exec(DEADLINE, Arrays.asList(command));
  }

  /**
   * As {@link #exec(String...)}, with a deadline.
   *
   * @throws LabException if the command cannot be run or has not ended when the deadline passes
   */
  @CanIgnoreReturnValue
  public CommandResult exec(Duration deadline, List<String> command) {
    return execWithInput("", deadline, command);
  }

  /** As {@link #exec(Duration, List)}, with text on the command's standard input. */
  @CanIgnoreReturnValue
  public CommandResult execWithInput(String input, Duration deadline, List<String> command) {
    return Commands.run(within(command), input, deadline);
  }

  /**
   * Runs a command that must succeed, and returns its standard output.
   *
   * @throws LabException if it does not succeed within 30 s; the message has what it said
   */
  @CanIgnoreReturnValue
  public String run(String... command) {
    return exec(command).orThrow().output();
  }

  /** Starts a command and returns at once. Closing the topology ends it, if nothing did before. */
  public BackgroundCommand start(String... command) {
    return BackgroundCommand.start(within(Arrays.asList(command)));
  }

  private List<String> within(List<String> command) {
    List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name));
    all.addAll(command);
    return all;
  }

  // -------------------------------------------------------------------------------------- settings

  /** Sets a sysctl of the namespace, named as in {@code sysctl}: {@code net.ipv4.ip_forward}. */
  public void sysctl(String setting, int value) {
    run("sysctl", "-q", "-w", setting.replace('.', '/') + "=" + value);
  }

  /** The value of a sysctl of the namespace. */
  public String sysctl(String setting) {
    return run("sysctl", "-n", setting.replace('.', '/')).strip();
  }

  /**
   * Waits until IPv6 knows that no other host has this one's addresses: routes of its own come with
   * that.
   *
   * @throws LabException if it does not within 30 s
   */
  public void awaitAddresses() {
    run("sh", "-c", "while ip -6 address show | grep -q tentative; do sleep 0.2; done");
  }

  /** A counter of the namespace, by the name {@code nstat} has for it: {@code IpInAddrErrors}. */
  public long counter(String counter) {
    for (String line : run("nstat", "-a", "-s", "-z", counter).lines().toList()) {
      String[] words = line.strip().split("\\s+");
      if (words[0].equals(counter)) {
        return Long.parseLong(words[1]);
      }
    }
    throw new LabException("no counter " + counter + " in " + name);
  }

  // ------------------------------------------------------------------------------------- the cable

  /** How good the cable of this host is. */
  public LinkQuality quality() {
    return quality;
  }

  /** Changes the cable, in both directions. Connections stay. */
  public void quality(LinkQuality wanted) {
    Objects.requireNonNull(wanted, "wanted");
    shape(name, "eth0", wanted);
    shape(farHost, farDevice, wanted);
    quality = wanted;
  }

  private static void shape(String namespace, String device, LinkQuality wanted) {
    String mtu = Integer.toString(wanted.mtu());
    Commands.run(List.of("ip", "-n", namespace, "link", "set", device, "mtu", mtu), "", DEADLINE)
        .orThrow();
    if (wanted.needsNetem()) {
      Commands.run(
              List.of("tc", "-n", namespace, "-batch", "-"),
              "qdisc replace dev " + device + " root " + wanted.netem() + "\n",
              DEADLINE)
          .orThrow();
    } else {
      // Fails when there is none, which is as well.
      CommandResult ignored =
          Commands.run(
              List.of("tc", "-n", namespace, "qdisc", "del", "dev", device, "root"), "", DEADLINE);
    }
  }

  /**
   * Cuts the host off: it runs on, and no packet reaches or leaves it. Nobody is told, as when a
   * switch on the way has died; {@link #unplug} is the other way.
   */
  public void cutOff() {
    lose(name, "eth0");
    lose(farHost, farDevice);
  }

  private static void lose(String namespace, String device) {
    Commands.run(
            List.of("tc", "-n", namespace, "-batch", "-"),
            "qdisc replace dev " + device + " root netem loss 100%\n",
            DEADLINE)
        .orThrow();
  }

  /**
   * Takes the far end of the host's cable down: both ends see it, and in a routed topology the
   * router answers that the host cannot be reached.
   */
  public void unplug() {
    far("down");
  }

  /** Makes good what {@link #cutOff} or {@link #unplug} did. */
  public void reconnect() {
    far("up");
    quality(quality);
  }

  private void far(String state) {
    Commands.run(List.of("ip", "-n", farHost, "link", "set", farDevice, state), "", DEADLINE)
        .orThrow();
  }

  /** Ends the host as a power failure does: its processes, sockets, addresses, tables are gone. */
  public void kill() {
    List<String> processes =
        Commands.run(List.of("ip", "netns", "pids", name), "", DEADLINE).lines();
    for (String pid : processes) {
      ProcessHandle.of(Long.parseLong(pid.strip())).ifPresent(ProcessHandle::destroyForcibly);
    }
    if (namespace().toFile().exists()) {
      Commands.run(List.of("ip", "netns", "delete", name), "", DEADLINE).orThrow();
    }
  }

  // ------------------------------------------------------------------------------------ the client

  /** One HTTP GET from this host, over a new connection, with a deadline of 5 s. */
  public HttpAnswer get(String url) {
    return get(url, 1).answers().get(0);
  }

  /** A row of HTTP GETs from this host, each over a new connection, each with a deadline of 5 s. */
  public HttpAnswers get(String url, int times) {
    return get(url, times, Duration.ofSeconds(5));
  }

  /**
   * A row of HTTP GETs from this host, one after the other, each over a new connection.
   *
   * @param patience how long each may take
   */
  public HttpAnswers get(String url, int times, Duration patience) {
    return Curl.get(this, url, times, patience);
  }

  /**
   * Sends zeros to an HTTP server, with one POST.
   *
   * @return the answer; the lab's servers say {@code rs1 received 1000000}
   */
  public HttpAnswer upload(String url, long bytes, Duration patience) {
    return Curl.upload(this, url, bytes, patience);
  }

  /**
   * Opens a TCP connection from this host, which stays open until it is closed.
   *
   * @param target an IPv4 or IPv6 address
   * @throws LabException if there is no connection within 15 s
   */
  public LongConnection connect(String target, int port) {
    return new LongConnection(this, target, port);
  }

  /**
   * Starts a client on this host that asks an HTTP server for its name over and over, each time
   * over a new connection.
   *
   * @param pause between two requests
   */
  public RequestLoop keepAsking(String target, int port, Duration pause) {
    return new RequestLoop(this, target, port, pause);
  }

  /** Starts a capture on eth0. */
  public Capture capture(String filter) {
    return capture("eth0", filter);
  }

  /**
   * Starts a capture.
   *
   * @param device a device of this host, or {@code any}
   * @param filter which packets, in tcpdump's language: {@code ip proto 4}; empty for all
   */
  public Capture capture(String device, String filter) {
    List<String> command =
        new ArrayList<>(List.of("tcpdump", "-nn", "-l", "--immediate-mode", "-tt", "-i", device));
    if (!filter.isEmpty()) {
      command.add(filter);
    }
    return new Capture(start(command.toArray(String[]::new)));
  }

  // ------------------------------------------------------------------------------------ the server

  void startServer(List<String> addresses, List<Integer> ports) {
    List<String> command =
        new ArrayList<>(List.of("perl", HostPrograms.file("http-server").toString()));
    command.add(name);
    command.add(String.join(",", addresses));
    ports.forEach(port -> command.add(Integer.toString(port)));
    server = start(command.toArray(String[]::new));
  }

  void awaitServer() {
    BackgroundCommand started = server;
    if (started != null) {
      started.awaitOutput(text -> text.contains("ready"), DEADLINE);
    }
  }

  /** Ends the host's HTTP server; nothing happens if there is none. The host itself runs on. */
  public void stopServer() {
    BackgroundCommand started = server;
    if (started != null) {
      started.close();
      server = null;
    }
  }

  @Override
  public String toString() {
    return name + " (" + address + ")";
  }
}
