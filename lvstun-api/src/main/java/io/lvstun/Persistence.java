// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Persistence of a virtual service: clients of one network keep their real server.
 *
 * <p>Immutable. Equality is by content; the order of setting options does not matter.
 *
 * @since 0.1.0
 */
public final class Persistence {

  /** The time-out that {@code ipvsadm -p} sets when none is given: 360 seconds. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(360);

  private static final long LONGEST_TIMEOUT = 31L * 24 * 60 * 60;
  private static final int LONGEST_ENGINE_NAME = 15;
  private static final long MAX_U32 = 0xffff_ffffL;

  /** Stands for 32 or 128 bits; no prefix length of the kernel, which refuses all above 128. */
  private static final int WHOLE_ADDRESS = -1;

  private final long seconds;
  private final int prefixLength;
  private final @Nullable Inet4Address netmask;
  private final @Nullable String engine;

  private Persistence(
      long seconds, int prefixLength, @Nullable Inet4Address netmask, @Nullable String engine) {
    this.seconds = seconds;
    this.prefixLength = prefixLength;
    this.netmask = netmask;
    this.engine = engine;
  }

  /**
   * Returns persistence of single client addresses, without an engine.
   *
   * @param timeout how long a client keeps its server after its last connection: 1 second to 31
   *     days, whole seconds
   * @return the persistence
   * @throws IllegalArgumentException if the time-out is out of range or not whole seconds
   */
  public static Persistence of(Duration timeout) {
    long seconds = timeout.getSeconds();
    if (timeout.getNano() != 0 || seconds < 1 || seconds > LONGEST_TIMEOUT) {
      throw new IllegalArgumentException(
          "persistence timeout must be 1 second to 31 days in whole seconds, not " + timeout);
    }
    return new Persistence(seconds, WHOLE_ADDRESS, null, null);
  }

  /**
   * Returns what a driver read, without the limits of the other methods: the kernel stores what any
   * program wrote. For drivers.
   *
   * @param seconds the time-out in seconds, 0 to 2^32-1
   * @param family the service's family
   * @param mask for IPv4 the netmask's 32 bits, for IPv6 the prefix length
   * @param engine the engine's name, or null
   * @return the persistence
   * @throws IllegalArgumentException if the time-out is outside 0 to 2^32-1
   */
  public static Persistence observed(
      long seconds, AddressFamily family, int mask, @Nullable String engine) {
    Objects.requireNonNull(family, "family");
    ServiceArgument.range("persistence timeout", seconds, 0, MAX_U32);
    if (family == AddressFamily.IPV6) {
      return new Persistence(seconds, mask == 128 ? WHOLE_ADDRESS : mask, null, engine);
    }
    int length = Integer.bitCount(mask);
    if (mask == maskOf(length)) {
      return new Persistence(seconds, length == 32 ? WHOLE_ADDRESS : length, null, engine);
    }
    return new Persistence(seconds, WHOLE_ADDRESS, addressOf(mask), engine);
  }

  private static int maskOf(int prefixLength) {
    return prefixLength == 0 ? 0 : -1 << (32 - Math.min(prefixLength, 32));
  }

  private static int bitsOf(Inet4Address mask) {
    byte[] b = mask.getAddress();
    return (b[0] & 0xff) << 24 | (b[1] & 0xff) << 16 | (b[2] & 0xff) << 8 | b[3] & 0xff;
  }

  private static Inet4Address addressOf(int mask) {
    byte[] bytes = {(byte) (mask >> 24), (byte) (mask >> 16), (byte) (mask >> 8), (byte) mask};
    return (Inet4Address) IpAddress.ofBytes(bytes);
  }

  /**
   * Returns a copy that treats all clients of a network as one.
   *
   * @param length leading bits of the client address that count: 0 to 32 for IPv4 services, 1 to
   *     128 for IPv6 services; the service checks which. Default: the whole address
   * @return a copy
   * @throws IllegalArgumentException if the length is outside 0 to 128
   */
  public Persistence prefixLength(int length) {
    ServiceArgument.range("prefix length", length, 0, 128);
    return new Persistence(seconds, length, null, engine);
  }

  /**
   * Returns a copy that treats clients as one whose addresses agree under a mask. For IPv4
   * services.
   *
   * @param mask a mask in dotted-quad form, such as {@code 255.255.255.0}; it need not be
   *     contiguous
   * @return a copy
   * @throws IllegalArgumentException if the mask is no IPv4 literal
   */
  public Persistence netmask(String mask) {
    Objects.requireNonNull(mask, "mask");
    InetAddress address = IpAddress.parse(mask);
    if (!(address instanceof Inet4Address v4)) {
      throw new IllegalArgumentException(
          "netmask must be an IPv4 mask such as 255.255.255.0, not \"" + mask + '"');
    }
    return new Persistence(seconds, WHOLE_ADDRESS, v4, engine);
  }

  /**
   * Returns a copy with a persistence engine, which finds the client in the payload.
   *
   * @param name the kernel's name, 1 to 15 characters; {@code sip} is the only engine of Linux
   * @return a copy
   * @throws IllegalArgumentException if the name is empty, too long or has unprintable characters
   */
  public Persistence engine(String name) {
    Objects.requireNonNull(name, "name");
    return new Persistence(
        seconds,
        prefixLength,
        netmask,
        ServiceArgument.name("persistence engine", name, LONGEST_ENGINE_NAME));
  }

  /**
   * Returns how long a client keeps its server after its last connection.
   *
   * @return whole seconds
   */
  public Duration timeout() {
    return Duration.ofSeconds(seconds);
  }

  /**
   * Returns the engine's name.
   *
   * @return the name, empty for persistence by client address
   */
  public Optional<String> engine() {
    return Optional.ofNullable(engine);
  }

  /**
   * Returns the mask in the form the kernel keeps it.
   *
   * @param family the service's family
   * @return for IPv4 the netmask's 32 bits, for IPv6 the prefix length
   */
  public int mask(AddressFamily family) {
    Objects.requireNonNull(family, "family");
    if (family == AddressFamily.IPV6) {
      return prefixLength == WHOLE_ADDRESS ? 128 : prefixLength;
    }
    if (netmask != null) {
      return bitsOf(netmask);
    }
    return prefixLength == WHOLE_ADDRESS ? -1 : maskOf(prefixLength);
  }

  /**
   * Writes the mask as {@code ipvsadm} takes it.
   *
   * @param family the service's family
   * @return dotted quad for IPv4, prefix length for IPv6; empty if the whole address counts
   */
  public Optional<String> maskText(AddressFamily family) {
    Objects.requireNonNull(family, "family");
    if (netmask == null && prefixLength == WHOLE_ADDRESS) {
      return Optional.empty();
    }
    return Optional.of(
        family == AddressFamily.IPV6
            ? Integer.toString(mask(family))
            : IpAddress.format(addressOf(mask(family))));
  }

  /**
   * Checks the mask against the family of the service that takes it, and gives it the one form in
   * which masks of the same meaning are equal.
   */
  Persistence forFamily(AddressFamily family) {
    if (family == AddressFamily.IPV6) {
      if (netmask != null) {
        throw new IllegalArgumentException(
            "netmask "
                + IpAddress.format(netmask)
                + " is for IPv4 services; an IPv6 service takes a prefix length of 1 to 128");
      }
      if (prefixLength != WHOLE_ADDRESS) {
        ServiceArgument.range("prefix length of an IPv6 service", prefixLength, 1, 128);
      }
    } else if (prefixLength != WHOLE_ADDRESS) {
      ServiceArgument.range("prefix length of an IPv4 service", prefixLength, 0, 32);
    }
    return observed(seconds, family, mask(family), engine);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Persistence that
        && seconds == that.seconds
        && prefixLength == that.prefixLength
        && Objects.equals(netmask, that.netmask)
        && Objects.equals(engine, that.engine);
  }

  @Override
  public int hashCode() {
    return Objects.hash(seconds, prefixLength, netmask, engine);
  }

  /**
   * Returns for example {@code persistent 360}, {@code persistent 300 mask 255.255.255.0 pe sip}.
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("persistent ").append(seconds);
    if (netmask != null) {
      text.append(" mask ").append(IpAddress.format(netmask));
    } else if (prefixLength != WHOLE_ADDRESS) {
      text.append(" mask /").append(prefixLength);
    }
    if (engine != null) {
      text.append(" pe ").append(engine);
    }
    return text.toString();
  }
}
