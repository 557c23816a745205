// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import io.lvstun.ForeignText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which clients, or which of their packets, a rule sends to its pool. Immutable.
 *
 * <p>Every kind matches fields of the first packet of a connection, because IPVS chooses a server
 * by that packet alone.
 *
 * @since 0.1.0
 */
public sealed interface Match {

  /**
   * Matches clients of countries.
   *
   * @param codes ISO 3166-1 alpha-2, such as {@code CN}; {@code XK} for Kosovo
   * @return the match
   * @throws IllegalArgumentException if there is none, or one is no country's code
   */
  static Match countries(String... codes) {
    Objects.requireNonNull(codes, "codes");
    return new Countries(Set.of(codes));
  }

  /**
   * Matches clients of continents.
   *
   * @param codes {@code AF}, {@code AN}, {@code AS}, {@code EU}, {@code NA}, {@code OC}, {@code SA}
   * @return the match
   * @throws IllegalArgumentException if there is none, or one is no continent's code
   */
  static Match continents(String... codes) {
    Objects.requireNonNull(codes, "codes");
    return new Continents(Set.of(codes));
  }

  /**
   * Matches clients of provinces, states and the like.
   *
   * @param codes ISO 3166-2, such as {@code CN-BJ}
   * @return the match
   * @throws IllegalArgumentException if there is none, or one has not that form
   */
  static Match subdivisions(String... codes) {
    Objects.requireNonNull(codes, "codes");
    return new Subdivisions(Set.of(codes));
  }

  /**
   * Matches clients of cities.
   *
   * @param cities English names as the database has them, such as {@code Shanghai}, or GeoNames
   *     numbers, such as {@code 1796236}
   * @return the match
   * @throws IllegalArgumentException if there is none, or one is blank
   */
  static Match cities(String... cities) {
    Objects.requireNonNull(cities, "cities");
    return new Cities(Set.of(cities));
  }

  /**
   * Matches clients of autonomous systems.
   *
   * @param numbers 1 to 4294967295
   * @return the match
   * @throws IllegalArgumentException if there is none, or one is out of range
   */
  static Match autonomousSystems(long... numbers) {
    Objects.requireNonNull(numbers, "numbers");
    return new AutonomousSystems(Arrays.stream(numbers).boxed().collect(Collectors.toSet()));
  }

  /**
   * Matches clients of networks.
   *
   * @param networks as {@link Cidr#parse} reads them; they may overlap
   * @return the match
   * @throws IllegalArgumentException if there is none, or one is not a network
   */
  static Match networks(String... networks) {
    Objects.requireNonNull(networks, "networks");
    return new Networks(Arrays.stream(networks).map(Cidr::parse).toList());
  }

  /**
   * Matches clients of networks.
   *
   * @param networks at least one; they may overlap
   * @return the match
   * @throws IllegalArgumentException if there is none
   */
  static Match networks(List<Cidr> networks) {
    Objects.requireNonNull(networks, "networks");
    return new Networks(networks);
  }

  /**
   * Matches packets by their source port.
   *
   * @param first 0 to 65535
   * @param last {@code first} to 65535
   * @return the match
   * @throws IllegalArgumentException if the range is none
   */
  static Match sourcePorts(int first, int last) {
    return new SourcePorts(new PortRange(first, last));
  }

  /**
   * Matches packets by their destination port, which must be one of the steered ports.
   *
   * @param first 0 to 65535
   * @param last {@code first} to 65535
   * @return the match
   * @throws IllegalArgumentException if the range is none
   */
  static Match destinationPorts(int first, int last) {
    return new DestinationPorts(new PortRange(first, last));
  }

  /**
   * Matches packets by their differentiated services code point.
   *
   * @param value 0 to 63, such as 46 for expedited forwarding
   * @return the match
   * @throws IllegalArgumentException if it is out of range
   */
  static Match dscp(int value) {
    return new Dscp(value);
  }

  /**
   * Matches packets that came in by an interface.
   *
   * @param name the interface's name, at most 15 bytes
   * @return the match
   * @throws IllegalArgumentException if it cannot be an interface's name
   */
  static Match inboundInterface(String name) {
    return new InboundInterface(name);
  }

  /**
   * Matches packets whose payload has some bytes at a place. IPVS chooses at the first packet of a
   * connection, which has no payload in TCP: {@link Steering} takes this match for UDP, and for TCP
   * only with {@link Steering#tcpFastOpen()}.
   *
   * @param offset where the bytes begin in the payload of TCP or UDP, 0 to 1000
   * @param bytes 1 to 16 bytes
   * @return the match
   * @throws IllegalArgumentException if the place or the length is out of range
   */
  static Match payload(int offset, byte[] bytes) {
    return new Payload(offset, HexFormat.of().formatHex(bytes));
  }

  /**
   * Clients of countries.
   *
   * @param codes ISO 3166-1 alpha-2
   * @since 0.1.0
   */
  record Countries(Set<String> codes) implements Match {

    private static final Set<String> KNOWN = known();

    /** Checks the codes. */
    public Countries {
      Objects.requireNonNull(codes, "codes");
      codes = sorted("country", codes);
      codes.forEach(code -> member("country", code, KNOWN, "a country of ISO 3166-1 alpha-2"));
    }

    private static Set<String> known() {
      Set<String> known = new TreeSet<>(List.of(Locale.getISOCountries()));
      known.add("XK");
      return known;
    }

    @Override
    public String toString() {
      return "countries " + String.join(" ", codes);
    }
  }

  /**
   * Clients of continents.
   *
   * @param codes two letters each
   * @since 0.1.0
   */
  record Continents(Set<String> codes) implements Match {

    private static final Set<String> KNOWN = Set.of("AF", "AN", "AS", "EU", "NA", "OC", "SA");

    /** Checks the codes. */
    public Continents {
      Objects.requireNonNull(codes, "codes");
      codes = sorted("continent", codes);
      codes.forEach(
          code -> member("continent", code, KNOWN, "one of AF, AN, AS, EU, NA, OC and SA"));
    }

    @Override
    public String toString() {
      return "continents " + String.join(" ", codes);
    }
  }

  /**
   * Clients of provinces, states and the like.
   *
   * @param codes ISO 3166-2
   * @since 0.1.0
   */
  record Subdivisions(Set<String> codes) implements Match {

    /** Checks the codes. */
    public Subdivisions {
      Objects.requireNonNull(codes, "codes");
      codes = sorted("subdivision", codes);
      for (String code : codes) {
        if (!code.matches("[A-Z]{2}-[A-Z0-9]{1,3}")) {
          throw new IllegalArgumentException(
              "subdivision must be a code of ISO 3166-2 such as CN-BJ, not \"" + code + '"');
        }
      }
    }

    @Override
    public String toString() {
      return "subdivisions " + String.join(" ", codes);
    }
  }

  /**
   * Clients of cities.
   *
   * @param cities English names or GeoNames numbers
   * @since 0.1.0
   */
  record Cities(Set<String> cities) implements Match {

    /** Checks the names. */
    public Cities {
      Objects.requireNonNull(cities, "cities");
      cities = sorted("city", cities);
      if (cities.stream().anyMatch(String::isBlank)) {
        throw new IllegalArgumentException("city must have a name");
      }
    }

    @Override
    public String toString() {
      return "cities " + String.join(", ", cities);
    }
  }

  /**
   * Clients of autonomous systems.
   *
   * @param numbers 1 to 4294967295
   * @since 0.1.0
   */
  record AutonomousSystems(Set<Long> numbers) implements Match {

    /** Checks the numbers. */
    public AutonomousSystems {
      if (numbers.isEmpty()) {
        throw new IllegalArgumentException("autonomousSystem must be given at least once");
      }
      for (long number : numbers) {
        range("autonomousSystem", number, 1, 0xffff_ffffL);
      }
      numbers = java.util.Collections.unmodifiableSet(new TreeSet<>(numbers));
    }

    @Override
    public String toString() {
      return numbers.stream()
          .map(number -> "AS" + number)
          .collect(Collectors.joining(" ", "autonomous systems ", ""));
    }
  }

  /**
   * Clients of networks.
   *
   * @param networks they may overlap
   * @since 0.1.0
   */
  record Networks(List<Cidr> networks) implements Match {

    /** Copies the list. */
    public Networks {
      Objects.requireNonNull(networks, "networks");
      networks = List.copyOf(networks);
      if (networks.isEmpty()) {
        throw new IllegalArgumentException("network must be given at least once");
      }
    }

    @Override
    public String toString() {
      return networks.size() > 4
          ? networks.size() + " networks"
          : networks.stream().map(Cidr::toString).collect(Collectors.joining(" ", "networks ", ""));
    }
  }

  /**
   * Packets from a range of ports.
   *
   * @param ports the source ports
   * @since 0.1.0
   */
  record SourcePorts(PortRange ports) implements Match {
    /** Checks that nothing is missing. */
    public SourcePorts {
      Objects.requireNonNull(ports, "ports");
    }

    @Override
    public String toString() {
      return "source port " + ports;
    }
  }

  /**
   * Packets to a range of ports.
   *
   * @param ports the destination ports
   * @since 0.1.0
   */
  record DestinationPorts(PortRange ports) implements Match {
    /** Checks that nothing is missing. */
    public DestinationPorts {
      Objects.requireNonNull(ports, "ports");
    }

    @Override
    public String toString() {
      return "destination port " + ports;
    }
  }

  /**
   * Packets with a differentiated services code point.
   *
   * @param value 0 to 63
   * @since 0.1.0
   */
  record Dscp(int value) implements Match {

    /** Checks the number. */
    public Dscp {
      range("dscp", value, 0, 63);
    }

    @Override
    public String toString() {
      return "dscp " + value;
    }
  }

  /**
   * Packets that came in by an interface.
   *
   * @param name the interface's name
   * @since 0.1.0
   */
  record InboundInterface(String name) implements Match {

    /** Checks the name as the kernel does, and for what nft cannot quote. */
    public InboundInterface {
      Objects.requireNonNull(name, "name");
      int length = name.getBytes(StandardCharsets.UTF_8).length;
      if (length == 0
          || length > 15
          || name.equals(".")
          || name.equals("..")
          || !name.matches("[A-Za-z0-9_.@%+=,-]+")) {
        throw new IllegalArgumentException(
            "interface must be a name of 1 to 15 letters, digits and _.@%+=,- , not \""
                + ForeignText.excerpt(name, 64)
                + '"');
      }
    }

    @Override
    public String toString() {
      return "interface " + name;
    }
  }

  /**
   * Packets with some bytes in their payload.
   *
   * @param offset where they begin, 0 to 1000
   * @param hex the bytes, two lower-case digits each
   * @since 0.1.0
   */
  record Payload(int offset, String hex) implements Match {

    /** Checks place and length. */
    public Payload {
      range("offset", offset, 0, 1000);
      if (!hex.matches("([0-9a-f]{2}){1,16}")) {
        throw new IllegalArgumentException("payload must be 1 to 16 bytes, not \"" + hex + '"');
      }
    }

    @Override
    public String toString() {
      return "payload " + hex + " at " + offset;
    }
  }

  private static Set<String> sorted(String what, Set<String> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException(what + " must be given at least once");
    }
    return java.util.Collections.unmodifiableSet(new TreeSet<>(values));
  }

  private static void member(String what, String value, Set<String> known, String expected) {
    if (!known.contains(value)) {
      throw new IllegalArgumentException(what + " must be " + expected + ", not \"" + value + '"');
    }
  }

  private static void range(String what, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          what + " must be " + least + " to " + most + ", not " + value);
    }
  }
}
