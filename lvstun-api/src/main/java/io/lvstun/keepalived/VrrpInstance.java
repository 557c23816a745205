// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A VRRP instance of one director: addresses that exactly one of several directors holds.
 *
 * <p>Immutable.
 *
 * @param name its name
 * @param interfaceName the interface that adverts are sent on
 * @param virtualRouterId 1 to 255, the same on all directors
 * @param state the state that it begins in
 * @param priority 1 to 255; the highest becomes master
 * @param advertInterval from one advert to the next, 10 ms to 255 s
 * @param version of VRRP, 2 or 3; by default 2, or 3 for IPv6
 * @param authentication how adverts are authenticated (version 2 alone)
 * @param source the source address of adverts
 * @param peers the addresses of the other directors; empty for multicast
 * @param preempt whether a higher priority takes over from a working master
 * @param preemptDelay what is waited before that, 0 to 1000 s
 * @param addresses what the master owns
 * @param excludedAddresses what the master owns too, but adverts do not name
 * @param trackedInterfaces interfaces whose loss is a fault
 * @param trackedScripts scripts that change priority or state
 * @since 0.1.0
 */
public record VrrpInstance(
    String name,
    String interfaceName,
    int virtualRouterId,
    State state,
    int priority,
    Duration advertInterval,
    Optional<Integer> version,
    Optional<VrrpAuthentication> authentication,
    Optional<InetAddress> source,
    List<InetAddress> peers,
    boolean preempt,
    Duration preemptDelay,
    List<VirtualAddress> addresses,
    List<VirtualAddress> excludedAddresses,
    List<String> trackedInterfaces,
    List<TrackedScript> trackedScripts) {

  private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(10);
  private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(255);
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(1000);

  /**
   * The state that an instance begins in.
   *
   * @since 0.1.0
   */
  public enum State {
    /** Master at once if nobody of higher priority is heard; clears a delay of preemption. */
    MASTER,
    /** Backup until no master is heard. */
    BACKUP
  }

  /**
   * A script that an instance follows.
   *
   * @param name the name of its {@link VrrpScript}
   * @param weight what it adds to the priority, -253 to 253; by default the script's own
   * @since 0.1.0
   */
  public record TrackedScript(String name, Optional<Integer> weight) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is out of range or cannot be written
     */
    public TrackedScript {
      Objects.requireNonNull(name, "name");
      Checked.name("track_script", name);
      weight.ifPresent(value -> Checked.range("weight", value, -253, 253));
    }
  }

  /**
   * Copies the lists and checks the ranges.
   *
   * @throws IllegalArgumentException if a value is out of range or cannot be written
   */
  public VrrpInstance {
    Objects.requireNonNull(addresses, "addresses");
    Objects.requireNonNull(advertInterval, "advertInterval");
    Objects.requireNonNull(authentication, "authentication");
    Objects.requireNonNull(excludedAddresses, "excludedAddresses");
    Objects.requireNonNull(interfaceName, "interfaceName");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(peers, "peers");
    Objects.requireNonNull(preemptDelay, "preemptDelay");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(trackedInterfaces, "trackedInterfaces");
    Objects.requireNonNull(trackedScripts, "trackedScripts");
    Checked.name("vrrp_instance", name);
    Checked.name("interface", interfaceName);
    Checked.range("virtual_router_id", virtualRouterId, 1, 255);
    Checked.range("priority", priority, 1, 255);
    Objects.requireNonNull(state, "state");
    Checked.duration("advert_int", advertInterval, false, LONGEST_INTERVAL);
    if (advertInterval.compareTo(SHORTEST_INTERVAL) < 0) {
      throw new IllegalArgumentException(
          "advert_int must be at least 10 ms, not " + advertInterval);
    }
    version.ifPresent(value -> Checked.range("version", value, 2, 3));
    Checked.duration("preempt_delay", preemptDelay, true, LONGEST_DELAY);
    peers = List.copyOf(peers);
    addresses = List.copyOf(addresses);
    excludedAddresses = List.copyOf(excludedAddresses);
    trackedInterfaces = List.copyOf(trackedInterfaces);
    trackedScripts = List.copyOf(trackedScripts);
    trackedInterfaces.forEach(tracked -> Checked.name("track_interface", tracked));
  }

  /**
   * Returns an instance without addresses: state BACKUP, priority 100, an advert a second by
   * multicast, without authentication, preempting at once.
   *
   * @param name its name
   * @param interfaceName the interface that adverts are sent on
   * @param virtualRouterId 1 to 255, the same on all directors
   * @return the instance
   * @throws IllegalArgumentException if a value is out of range or cannot be written
   */
  public static VrrpInstance of(String name, String interfaceName, int virtualRouterId) {
    return new VrrpInstance(
        name,
        interfaceName,
        virtualRouterId,
        State.BACKUP,
        100,
        Duration.ofSeconds(1),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        true,
        Duration.ZERO,
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  /**
   * Returns a copy with one more address.
   *
   * @param address a literal, perhaps with a prefix length
   * @return a copy
   * @throws IllegalArgumentException if it is neither
   */
  public VrrpInstance addAddress(String address) {
    Objects.requireNonNull(address, "address");
    List<VirtualAddress> all = new ArrayList<>(addresses);
    all.add(VirtualAddress.of(address));
    return addresses(all);
  }

  /**
   * Returns a copy whose adverts carry a password in clear text.
   *
   * @param password 1 to 8 printable characters
   * @return a copy
   * @throws IllegalArgumentException if it has another length or cannot be written
   */
  public VrrpInstance password(String password) {
    Objects.requireNonNull(password, "password");
    return authentication(VrrpAuthentication.password(password));
  }

  /**
   * Returns a copy with another virtual router id.
   *
   * @param virtualRouterId 1 to 255
   * @return a copy
   * @throws IllegalArgumentException if it is out of range
   */
  public VrrpInstance virtualRouterId(int virtualRouterId) {
    return new VrrpInstance(
        name,
        interfaceName,
        virtualRouterId,
        state,
        priority,
        advertInterval,
        version,
        authentication,
        source,
        peers,
        preempt,
        preemptDelay,
        addresses,
        excludedAddresses,
        trackedInterfaces,
        trackedScripts);
  }

  /**
   * Returns a copy with another state.
   *
   * @param state the state that it begins in
   * @return a copy
   */
  public VrrpInstance state(State state) {
    return new VrrpInstance(
        name,
        interfaceName,
        virtualRouterId,
        state,
        priority,
        advertInterval,
        version,
        authentication,
        source,
        peers,
        preempt,
        preemptDelay,
        addresses,
        excludedAddresses,
        trackedInterfaces,
        trackedScripts);
  }

  /**
   * Returns a copy with another priority.
   *
   * @param priority 1 to 255
   * @return a copy
   * @throws IllegalArgumentException if it is out of range
   */
  public VrrpInstance priority(int priority) {
    return new VrrpInstance(
        name,
        interfaceName,
        virtualRouterId,
        state,
        priority,
        advertInterval,
        version,
        authentication,
        source,
        peers,
        preempt,
        preemptDelay,
        addresses,
        excludedAddresses,
        trackedInterfaces,
        trackedScripts);
  }

  /**
   * Returns a copy with another interval of adverts.
   *
   * @param advertInterval from one advert to the next, 10 ms to 255 s
   * @return a copy
   * @throws IllegalArgumentException if it is out of range
   */
  public VrrpInstance advertInterval(Duration advertInterval) {
    return new VrrpInstance(
        name,
        interfaceName,
        virtualRouterId,
        state,
        priority,
        advertInterval,
        version,
        authentication,
        source,
        peers,
        preempt,
        preemptDelay,
        addresses,
        excludedAddresses,
        trackedInterfaces,
        trackedScripts);
  }

  /**
   * Returns a copy with another version.
   *
   * @param version 2 or 3
   * @return a copy
   * @throws IllegalArgumentException if it is neither
   */
  public VrrpInstance version(int version) {
    return new VrrpInstance(
        name,
        interfaceName,
        virtualRouterId,
        state,
        priority,
        advertInterval,
        Optional.of(version),
        authentication,
        source,
        peers,
        preempt,
        preemptDelay,
        addresses,
        excludedAddresses,
        trackedInterfaces,
        trackedScripts);
  }

  /**
   * Returns a copy with another authentication.
   *
   * @param authentication how adverts are authenticated
   * @return a copy
   */
  public VrrpInstance authentication(VrrpAuthentication authentication) {
    Objects.requireNonNull(authentication, "authentication");
    return new VrrpInstance(
        name,
        interfaceName,
        virtualRouterId,
        state,
        priority,
        advertInterval,
        version,
        Optional.of(authentication),
        source,
        peers,
        preempt,
        preemptDelay,
        addresses,
        excludedAddresses,
        trackedInterfaces,
        trackedScripts);
  }

  /**
   * Returns a copy with another source address.
   *
   * @param source the source address of adverts
   * @return a copy
   */
  public VrrpInstance source(InetAddress source) {
    Objects.requireNonNull(source, "source");
    return new VrrpInstance(
        name,
        interfaceName,
        virtualRouterId,
        state,
        priority,
        advertInterval,
        version,
        authentication,
        Optional.of(source),
        peers,
        preempt,
        preemptDelay,
        addresses,
        excludedAddresses,
        trackedInterfaces,
        trackedScripts);
  }

  /**
   * Returns a copy with another list of peers.
   *
   * @param peers the addresses of the other directors; empty for multicast
   * @return a copy
   */
  public VrrpInstance peers(List<InetAddress> peers) {
    return new VrrpInstance(
        name,
        interfaceName,
        virtualRouterId,
        state,
        priority,
        advertInterval,
        version,
        authentication,
        source,
        peers,
        preempt,
        preemptDelay,
        addresses,
        excludedAddresses,
        trackedInterfaces,
        trackedScripts);
  }

  /**
   * Returns a copy with another choice of preemption.
   *
   * @param preempt whether a higher priority takes over from a working master
   * @return a copy
   */
  public VrrpInstance preempt(boolean preempt) {
    return new VrrpInstance(
        name,
        interfaceName,
        virtualRouterId,
        state,
        priority,
        advertInterval,
        version,
        authentication,
        source,
        peers,
        preempt,
        preemptDelay,
        addresses,
        excludedAddresses,
        trackedInterfaces,
        trackedScripts);
  }

  /**
   * Returns a copy with another delay of preemption.
   *
   * @param preemptDelay what is waited before taking over, 0 to 1000 s
   * @return a copy
   * @throws IllegalArgumentException if it is out of range
   */
  public VrrpInstance preemptDelay(Duration preemptDelay) {
    return new VrrpInstance(
        name,
        interfaceName,
        virtualRouterId,
        state,
        priority,
        advertInterval,
        version,
        authentication,
        source,
        peers,
        preempt,
        preemptDelay,
        addresses,
        excludedAddresses,
        trackedInterfaces,
        trackedScripts);
  }

  /**
   * Returns a copy with another list of addresses.
   *
   * @param addresses what the master owns
   * @return a copy
   */
  public VrrpInstance addresses(List<VirtualAddress> addresses) {
    return new VrrpInstance(
        name,
        interfaceName,
        virtualRouterId,
        state,
        priority,
        advertInterval,
        version,
        authentication,
        source,
        peers,
        preempt,
        preemptDelay,
        addresses,
        excludedAddresses,
        trackedInterfaces,
        trackedScripts);
  }

  /**
   * Returns a copy with another list of excluded addresses.
   *
   * @param excludedAddresses what the master owns too, but adverts do not name
   * @return a copy
   */
  public VrrpInstance excludedAddresses(List<VirtualAddress> excludedAddresses) {
    return new VrrpInstance(
        name,
        interfaceName,
        virtualRouterId,
        state,
        priority,
        advertInterval,
        version,
        authentication,
        source,
        peers,
        preempt,
        preemptDelay,
        addresses,
        excludedAddresses,
        trackedInterfaces,
        trackedScripts);
  }

  /**
   * Returns a copy with another list of tracked interfaces.
   *
   * @param trackedInterfaces interfaces whose loss is a fault
   * @return a copy
   * @throws IllegalArgumentException if a name cannot be written
   */
  public VrrpInstance trackedInterfaces(List<String> trackedInterfaces) {
    return new VrrpInstance(
        name,
        interfaceName,
        virtualRouterId,
        state,
        priority,
        advertInterval,
        version,
        authentication,
        source,
        peers,
        preempt,
        preemptDelay,
        addresses,
        excludedAddresses,
        trackedInterfaces,
        trackedScripts);
  }

  /**
   * Returns a copy with another list of tracked scripts.
   *
   * @param trackedScripts scripts that change priority or state
   * @return a copy
   */
  public VrrpInstance trackedScripts(List<TrackedScript> trackedScripts) {
    return new VrrpInstance(
        name,
        interfaceName,
        virtualRouterId,
        state,
        priority,
        advertInterval,
        version,
        authentication,
        source,
        peers,
        preempt,
        preemptDelay,
        addresses,
        excludedAddresses,
        trackedInterfaces,
        trackedScripts);
  }
}
