// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Whether a rule applies.
 *
 * @param pool name of the pool it chooses; empty if it does not apply or that is not known
 * @param undecided whether it needs what the packet does not tell
 */
record PoolChoice(Optional<String> pool, boolean undecided) {

  private static final PoolChoice NO = new PoolChoice(Optional.empty(), false);
  private static final PoolChoice UNDECIDED = new PoolChoice(Optional.empty(), true);

  static PoolChoice of(SteeringRule rule, Place place, ClientPacket packet) {
    if (rule instanceof SteeringRule.Nearest nearest) {
      return nearest(nearest, place).map(PoolChoice::yes).orElse(NO);
    }
    SteeringRule.Send send = (SteeringRule.Send) rule;
    Match match = send.match();
    if (match instanceof Match.Networks networks) {
      return contains(networks, packet.source()) ? yes(send.pool()) : NO;
    } else if (match instanceof Match.SourcePorts source) {
      return ports(source.ports(), packet.sourcePort(), send);
    } else if (match instanceof Match.DestinationPorts destination) {
      return ports(destination.ports(), packet.destinationPort(), send);
    } else if (match instanceof Match.Dscp dscp) {
      return packet.dscp().isEmpty()
          ? UNDECIDED
          : packet.dscp().getAsInt() == dscp.value() ? yes(send.pool()) : NO;
    } else if (match instanceof Match.InboundInterface inbound) {
      return packet.inboundInterface().isEmpty()
          ? UNDECIDED
          : packet.inboundInterface().get().equals(inbound.name()) ? yes(send.pool()) : NO;
    } else if (match instanceof Match.Payload) {
      return UNDECIDED;
    }
    return applies(match, place) ? yes(send.pool()) : NO;
  }

  /** Whether a match that looks at the place alone applies. */
  static boolean applies(Match match, Place place) {
    if (match instanceof Match.Countries countries) {
      return place.country().filter(countries.codes()::contains).isPresent();
    } else if (match instanceof Match.Continents continents) {
      return place.continent().filter(continents.codes()::contains).isPresent();
    } else if (match instanceof Match.Subdivisions subdivisions) {
      return place.subdivisions().stream().anyMatch(subdivisions.codes()::contains);
    } else if (match instanceof Match.Cities cities) {
      return place.city().filter(cities.cities()::contains).isPresent()
          || place.cityId().isPresent()
              && cities.cities().contains(String.valueOf(place.cityId().getAsLong()));
    } else if (match instanceof Match.AutonomousSystems systems) {
      return place.autonomousSystem().isPresent()
          && systems.numbers().contains(place.autonomousSystem().getAsLong());
    }
    return false;
  }

  /** The pool nearest to a place; empty if it is not known where that is. */
  static Optional<String> nearest(SteeringRule.Nearest nearest, Place place) {
    if (place.coordinates().isEmpty()) {
      return Optional.empty();
    }
    Coordinates from = place.coordinates().get();
    SteeringRule.Node best = nearest.nodes().get(0);
    double least = best.coordinates().haversine(from);
    for (SteeringRule.Node node : nearest.nodes()) {
      double distance = node.coordinates().haversine(from);
      if (distance < least) {
        least = distance;
        best = node;
      }
    }
    return Optional.of(best.pool());
  }

  private static boolean contains(Match.Networks networks, InetAddress address) {
    for (Cidr network : networks.networks()) {
      if (network.contains(address)) {
        return true;
      }
    }
    return false;
  }

  private static PoolChoice ports(PortRange ports, OptionalInt port, SteeringRule.Send send) {
    return port.isEmpty() ? UNDECIDED : ports.contains(port.getAsInt()) ? yes(send.pool()) : NO;
  }

  private static PoolChoice yes(String pool) {
    return new PoolChoice(Optional.of(pool), false);
  }
}
