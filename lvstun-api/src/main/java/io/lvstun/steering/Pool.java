// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import io.lvstun.AddressFamily;
import io.lvstun.ForeignText;
import io.lvstun.VirtualService;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Real servers for a group of clients: a virtual service whose firewall mark is assigned when the
 * steering is compiled. Immutable.
 *
 * @since 0.1.0
 */
public final class Pool {

  private final String name;
  private final VirtualService model; // its mark means nothing
  private final List<String> failover;

  private Pool(String name, VirtualService model, List<String> failover) {
    this.name = name;
    this.model = model;
    this.failover = List.copyOf(failover);
  }

  /**
   * Returns a pool.
   *
   * @param name 1 to 32 letters, digits, {@code _}, {@code -} and {@code .}
   * @param service what to add to an empty service, for example {@code s ->
   *     s.scheduler(WLC).addRealServer("192.168.2.101").tunnel()}
   * @return the pool
   * @throws IllegalArgumentException if the name has another form
   */
  public static Pool of(String name, UnaryOperator<VirtualService> service) {
    if (!name.matches("[A-Za-z0-9_.-]{1,32}")) {
      throw new IllegalArgumentException(
          "pool must have a name of 1 to 32 letters, digits, _, - and ., not \""
              + ForeignText.excerpt(name, 64)
              + '"');
    }
    VirtualService model = service.apply(VirtualService.fwmark(1));
    return new Pool(name, rekeyed(model, VirtualService.fwmark(1)), List.of());
  }

  /**
   * Returns a copy that names the pools whose servers take over when this one has too few healthy
   * ones.
   *
   * @param pools names of pools, the preferred one first
   * @return the copy
   * @throws IllegalArgumentException if this pool is among them, or one is named twice
   */
  public Pool failover(String... pools) {
    List<String> names = List.of(pools);
    if (names.contains(name) || names.stream().distinct().count() < names.size()) {
      throw new IllegalArgumentException(
          "failover of " + name + " must name other pools once each, not " + names);
    }
    return new Pool(name, model, names);
  }

  /**
   * Returns the pool's name.
   *
   * @return unique within a steering
   */
  public String name() {
    return name;
  }

  /**
   * Returns the pools that take over.
   *
   * @return names, the preferred one first; may be empty
   */
  public List<String> failover() {
    return failover;
  }

  /**
   * Returns the pool's virtual service.
   *
   * @param family of the steered address
   * @param mark the pool's firewall mark, 1 to 4294967295
   * @return a service by firewall mark with the pool's scheduler, persistence and real servers
   * @throws IllegalArgumentException if the mark is out of range, or a setting does not fit the
   *     family
   */
  public VirtualService service(AddressFamily family, long mark) {
    return rekeyed(
        model,
        family == AddressFamily.IPV4 ? VirtualService.fwmark(mark) : VirtualService.fwmark6(mark));
  }

  private static VirtualService rekeyed(VirtualService from, VirtualService empty) {
    VirtualService service = empty.scheduler(from.scheduler()).onePacket(from.onePacket());
    if (from.persistence().isPresent()) {
      service = service.persistence(from.persistence().orElseThrow());
    }
    return service.addRealServers(new ArrayList<>(from.realServers()));
  }

  boolean onePacket() {
    return model.onePacket();
  }

  boolean empty() {
    return model.realServers().isEmpty();
  }

  @Override
  public boolean equals(@org.jspecify.annotations.Nullable Object other) {
    return other instanceof Pool pool
        && name.equals(pool.name)
        && model.equals(pool.model)
        && failover.equals(pool.failover);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, model, failover);
  }

  /** Returns the name and the service, such as {@code asia: FWM 1 wlc ...}. */
  @Override
  public String toString() {
    return name + ": " + model.realServers();
  }
}
