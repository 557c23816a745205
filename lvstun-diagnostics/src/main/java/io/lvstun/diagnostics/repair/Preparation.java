// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import io.lvstun.AddressFamily;
import io.lvstun.Encapsulation;
import io.lvstun.IpAddress;
import io.lvstun.LvsException;
import io.lvstun.Scheduler;
import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.facts.CollectionRequest;
import io.lvstun.diagnostics.facts.Collector;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.repair.journal.Printable;
import io.lvstun.diagnostics.repair.journal.StepResult;
import io.lvstun.diagnostics.repair.persist.Durability;
import io.lvstun.host.Host;
import io.lvstun.host.HostChange;
import io.lvstun.host.HostException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Makes a host ready to be a director or a real server: all that LVS-TUN needs of it, in the right
 * order, for now and for the time after a reboot. Doing it twice does nothing the second time.
 *
 * <p>This is the entry point for setting hosts up. {@link io.lvstun.network.HostNetwork} is for
 * programs that manage single links, addresses, tunnels and routes of their own machine.
 *
 * <pre>{@code
 * Preparation.realServer(Host.ssh("root@rs1")).vip("192.168.1.200").apply();
 * Preparation.realServer(Host.ssh("root@rs2")).vip("192.168.1.200").apply();
 * Preparation.director(Host.local()).vip("192.168.1.200").apply();
 * }</pre>
 *
 * <p>The order between hosts matters: a real server must have the virtual address <em>before</em>
 * it joins a director's table. Without it, and with {@code ip_forward=1}, each packet would go
 * round between the two until its time to live ends. So prepare real servers first, then the
 * director, then apply services; take back in the opposite order.
 *
 * <p>What widespread instructions do and this does not, with the reasons:
 *
 * <ul>
 *   <li><b>No ARP settings on tunl0.</b> The device has no ARP, and requests arrive on the card.
 *       The kernel uses the greater of {@code conf/all} and that of the card, so {@code conf/all}
 *       is set.
 *   <li><b>ARP before the address.</b> The other way round the host answers for the virtual address
 *       until the settings are made.
 *   <li><b>{@code rp_filter=2} on the tunnel's device.</b> Usually forgotten: with 1, which many
 *       distributions set for all devices, every packet out of the tunnel is dropped, as the way
 *       back to the client leads through the card. The greater of {@code conf/all} and the device's
 *       own value counts, so 2 on the device is enough, 0 is not, and the cards keep their filter.
 *   <li><b>The address on the tunnel's device.</b> A device without an address drops for any {@code
 *       rp_filter} but 0.
 *   <li><b>No {@code ip tunnel add tunl0}.</b> The device is there as soon as the module is, takes
 *       packets for any address, and cannot be added.
 *   <li><b>No {@code ip_forward=1}.</b> A director of tunnels does not need it, and on a real
 *       server it turns a missing address into a storm.
 *   <li><b>No MTU of 1400 on tunl0.</b> Answers do not leave through it. What helps is a smaller
 *       segment size in the answers' default route ({@link Profile#PERFORMANCE}), or a greater MTU
 *       between director and real servers.
 *   <li><b>No lines in rc.local</b>, which most systems do not run any more; see {@link
 *       Durability}.
 * </ul>
 *
 * <p>The packet filter is left alone: an examination afterwards tells whether it lets tunnels in.
 *
 * <p>Immutable.
 *
 * @since 0.1.0
 */
@CheckReturnValue
public final class Preparation {

  private final Role role;
  private final Host host;
  private final String name;
  private final Set<InetAddress> addresses;
  private final Settings settings;
  private final Durability durability;

  /**
   * What is to be made, beside the addresses.
   *
   * @param device the director's device for the addresses; empty for the one in whose network each
   *     is
   * @param changes what else, in its order
   */
  record Settings(
      String device,
      Set<Encapsulation> encapsulations,
      Set<AddressFamily> underlays,
      Set<Scheduler> schedulers,
      Profile profile,
      OptionalInt segmentSize,
      List<HostChange> changes) {}

  private Preparation(
      Role role,
      Host host,
      String name,
      Set<InetAddress> addresses,
      Settings settings,
      Durability durability) {
    this.role = role;
    this.host = host;
    this.name = name;
    this.addresses = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(addresses));
    this.settings = settings;
    this.durability = durability;
  }

  private static Preparation of(Role role, Host host) {
    return new Preparation(
        role,
        host,
        host.label(),
        Set.of(),
        new Settings(
            "",
            Set.of(Encapsulation.ipip()),
            Set.of(AddressFamily.IPV4),
            Set.of(),
            Profile.STANDARD,
            OptionalInt.empty(),
            List.of()),
        Durability.ofHost());
  }

  /**
   * Begins the preparation of a director: it will have IPVS and the virtual addresses.
   *
   * @param host the host
   * @return a preparation without addresses
   */
  public static Preparation director(Host host) {
    return of(Role.DIRECTOR, host);
  }

  /**
   * Begins the preparation of a real server: it will take packets out of tunnels, have the virtual
   * addresses, and keep quiet about them.
   *
   * @param host the host
   * @return a preparation for ipip tunnels over IPv4, without addresses
   */
  public static Preparation realServer(Host host) {
    return of(Role.REAL_SERVER, host);
  }

  /**
   * Returns the role that the host is prepared for.
   *
   * @return {@link Role#DIRECTOR} or {@link Role#REAL_SERVER}
   */
  public Role role() {
    return role;
  }

  private Preparation with(Settings other) {
    return new Preparation(role, host, name, addresses, other, durability);
  }

  /**
   * Returns a copy with more virtual addresses.
   *
   * @param literals the addresses, IPv4 or IPv6
   * @return the copy
   * @throws IllegalArgumentException if one is no literal address, or cannot be a host's own:
   *     loopback, multicast or unspecified
   */
  public Preparation vip(String... literals) {
    Set<InetAddress> more = new LinkedHashSet<>(addresses);
    for (String literal : literals) {
      InetAddress address = IpAddress.parse(literal);
      if (address.isAnyLocalAddress()
          || address.isLoopbackAddress()
          || address.isMulticastAddress()
          || address.isLinkLocalAddress()) {
        throw new IllegalArgumentException(
            "vip must be an address that clients can reach, not " + IpAddress.format(address));
      }
      more.add(address);
    }
    return new Preparation(role, host, name, more, settings, durability);
  }

  /**
   * Returns a copy with a name for results.
   *
   * @param text the name; by default the host's label
   * @return the copy
   */
  public Preparation named(String text) {
    return new Preparation(role, host, Printable.of(text), addresses, settings, durability);
  }

  /**
   * Returns a copy with another device for the virtual addresses. Only for directors: on real
   * servers they must be on the device that takes packets out of the tunnel.
   *
   * @param device for example {@code eth0}, {@code lo}; by default the one in whose network an
   *     address is, or else that of the default route
   * @return the copy
   * @throws IllegalArgumentException if it is no device's name
   * @throws IllegalStateException on a real server
   */
  public Preparation device(String device) {
    if (role != Role.DIRECTOR) {
      throw new IllegalStateException("only a director's addresses can be on a device of choice");
    }
    if (!device.matches("[A-Za-z0-9_.][A-Za-z0-9_.@-]{0,14}")) {
      throw new IllegalArgumentException("device must be the name of a network device");
    }
    return with(
        new Settings(
            device,
            settings.encapsulations(),
            settings.underlays(),
            settings.schedulers(),
            settings.profile(),
            settings.segmentSize(),
            settings.changes()));
  }

  /**
   * Returns a copy for other kinds of tunnels, as the director's table has them. Only for real
   * servers; a director needs nothing for any of them.
   *
   * @param kinds at least one; ipip by default
   * @return the copy
   * @throws IllegalArgumentException if there is none
   */
  public Preparation encapsulation(Encapsulation... kinds) {
    Set<Encapsulation> set = new LinkedHashSet<>(List.of(kinds));
    if (set.isEmpty()) {
      throw new IllegalArgumentException("kinds must not be empty");
    }
    return with(
        new Settings(
            settings.device(),
            set,
            settings.underlays(),
            settings.schedulers(),
            settings.profile(),
            settings.segmentSize(),
            settings.changes()));
  }

  /**
   * Returns a copy for other outer addresses: which family the addresses have that the director
   * tunnels to.
   *
   * @param families at least one; IPv4 by default
   * @return the copy
   * @throws IllegalArgumentException if there is none
   */
  public Preparation underlay(AddressFamily... families) {
    Set<AddressFamily> set = new LinkedHashSet<>(List.of(families));
    if (set.isEmpty()) {
      throw new IllegalArgumentException("families must not be empty");
    }
    return with(
        new Settings(
            settings.device(),
            settings.encapsulations(),
            set,
            settings.schedulers(),
            settings.profile(),
            settings.segmentSize(),
            settings.changes()));
  }

  /**
   * Returns a copy that loads the modules of schedulers as well. Without, the kernel loads them
   * when a service wants them, if it may.
   *
   * @param schedulers which
   * @return the copy
   */
  public Preparation schedulers(Scheduler... schedulers) {
    return with(
        new Settings(
            settings.device(),
            settings.encapsulations(),
            settings.underlays(),
            new LinkedHashSet<>(List.of(schedulers)),
            settings.profile(),
            settings.segmentSize(),
            settings.changes()));
  }

  /**
   * Returns a copy with a profile.
   *
   * @param profile {@link Profile#STANDARD} by default
   * @return the copy
   */
  public Preparation profile(Profile profile) {
    return with(
        new Settings(
            settings.device(),
            settings.encapsulations(),
            settings.underlays(),
            settings.schedulers(),
            profile,
            settings.segmentSize(),
            settings.changes()));
  }

  /**
   * Returns a copy in which a real server's default route announces a segment size, so that what
   * clients send fits into the tunnel. {@link Profile#PERFORMANCE} works one out from the card's
   * MTU; this states it.
   *
   * @param bytes 88 to 65495
   * @return the copy
   * @throws IllegalArgumentException if it is out of range
   */
  public Preparation segmentSize(int bytes) {
    if (bytes < 88 || bytes > 65495) {
      throw new IllegalArgumentException("bytes must be 88 to 65495, not " + bytes);
    }
    return with(
        new Settings(
            settings.device(),
            settings.encapsulations(),
            settings.underlays(),
            settings.schedulers(),
            settings.profile(),
            OptionalInt.of(bytes),
            settings.changes()));
  }

  /**
   * Returns a copy that makes more changes, after all others and in this order: a card's queues,
   * interrupts and packet steering, a file, a package, a service. Those of a card may interrupt
   * traffic; they last through a service of systemd of their own.
   *
   * <pre>{@code
   * Preparation.director(host)
   *     .vip("192.168.1.200")
   *     .change(
   *         SetQueues.combined("eth0", 4),
   *         new SetInterruptAffinity("eth0", List.of(0, 1, 2, 3)));
   * }</pre>
   *
   * @param more what else to change
   * @return the copy
   */
  public Preparation change(HostChange... more) {
    List<HostChange> changes = new ArrayList<>(settings.changes());
    changes.addAll(List.of(more));
    return with(
        new Settings(
            settings.device(),
            settings.encapsulations(),
            settings.underlays(),
            settings.schedulers(),
            settings.profile(),
            settings.segmentSize(),
            List.copyOf(changes)));
  }

  /**
   * Returns a copy that writes elsewhere what is to last, or writes nothing.
   *
   * @param where where
   * @return the copy
   */
  public Preparation durability(Durability where) {
    return new Preparation(role, host, name, addresses, settings, where);
  }

  /**
   * Returns what would be done. The host is read, and nothing is changed.
   *
   * @return the plan; applying it ends at the first step that fails
   * @throws IllegalStateException if there is no virtual address
   * @throws LvsException if the host cannot be read
   */
  public RepairPlan plan() {
    if (addresses.isEmpty()) {
      throw new IllegalStateException("a preparation must have a virtual address: call vip(...)");
    }
    HostFacts facts =
        Collector.create().collect(host, CollectionRequest.DEFAULTS.sample(Duration.ZERO));
    if (facts.failure().isPresent()) {
      throw new HostException(
          new LvsException.Failure(
              "prepare the host",
              host.specification(),
              "host",
              facts.failure().get(),
              OptionalInt.empty(),
              ""));
    }
    return plan(facts);
  }

  RepairPlan plan(HostFacts facts) {
    TaskList tasks = new TaskList(name, facts, durability, risk -> true);
    RoleSteps steps = new RoleSteps(facts, addresses, settings);
    tasks.addAll("prepare", role == Role.DIRECTOR ? steps.director() : steps.realServer());
    return new RepairPlan(
        List.of(new Execution.Work(name, host, tasks.tasks())), what(), durability, true);
  }

  private String what() {
    return "prepare " + role;
  }

  /**
   * Prepares the host.
   *
   * @return what became of each step
   * @throws IllegalStateException if there is no virtual address
   * @throws LvsException if the host cannot be read; what fails later is in the result
   */
  @CanIgnoreReturnValue
  public List<StepResult> apply() {
    return plan().apply();
  }

  /**
   * Takes back what preparations for this role did on the host, the latest first: all of them,
   * whatever addresses they had. Take a real server out of the directors' tables before.
   *
   * @return what became of each step; none if the host was not prepared
   */
  @CanIgnoreReturnValue
  public List<StepResult> unprepare() {
    return unprepare(result -> {});
  }

  /**
   * Takes back what preparations for this role did on the host, and tells of each step.
   *
   * @param listener hears of each step
   * @return what became of each step; none if the host was not prepared
   */
  @CanIgnoreReturnValue
  public List<StepResult> unprepare(Consumer<StepResult> listener) {
    List<StepResult> results = new ArrayList<>();
    for (StepResult result :
        Undo.on(host).matching(run -> run.what().equals(what()) && !run.undone(), listener)) {
      results.add(
          new StepResult(
              name,
              result.cause(),
              result.step(),
              result.lasting(),
              result.state(),
              result.detail()));
    }
    return List.copyOf(results);
  }
}
