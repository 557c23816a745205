// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a virtual service that have no effect, or an effect unknown to this version: unnamed
 * flag bits, and the persistence engine, time-out and mask of a service that is not persistent.
 * Only other programs write them; edits and snapshots preserve them.
 *
 * @param flagBits bits of {@code struct ip_vs_flags} without a name in this version
 * @param timeoutSeconds the time-out of a service that is not persistent, 0 to 2^32-1
 * @param mask the mask of a service that is not persistent: for IPv4 the netmask's 32 bits, for
 *     IPv6 the prefix length
 * @param engine the persistence engine of a service that is not persistent, empty for none
 * @since 0.1.0
 */
public record ForeignSettings(int flagBits, long timeoutSeconds, int mask, String engine) {

  /** PERSISTENT, HASHED, ONEPACKET and the three of schedulers. */
  private static final int NAMED_BITS = 0x1 | 0x2 | 0x4 | 0x38;

  private static final long MAX_U32 = 0xffff_ffffL;

  /**
   * Checks the fields.
   *
   * @throws IllegalArgumentException if the time-out is outside 0 to 2^32-1, or a bit has a name
   */
  public ForeignSettings {
    Objects.requireNonNull(engine, "engine");
    ServiceArgument.range("timeout", timeoutSeconds, 0, MAX_U32);
    if ((flagBits & NAMED_BITS) != 0) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "flag bits must be without a name, not 0x%x", flagBits));
    }
  }

  /**
   * Returns what of a service's settings is foreign. For drivers.
   *
   * @param family the service's family
   * @param flags all flags of the service, as in {@code struct ip_vs_flags}
   * @param timeoutSeconds the time-out, 0 to 2^32-1
   * @param mask for IPv4 the netmask's 32 bits, for IPv6 the prefix length
   * @param engine the persistence engine, empty for none
   * @return empty if nothing is
   */
  public static Optional<ForeignSettings> observed(
      AddressFamily family, int flags, long timeoutSeconds, int mask, String engine) {
    Objects.requireNonNull(engine, "engine");
    Objects.requireNonNull(family, "family");
    int unnamed = flags & ~NAMED_BITS;
    int whole = wholeAddress(family);
    if ((flags & 1) != 0) {
      return unnamed == 0
          ? Optional.empty()
          : Optional.of(new ForeignSettings(unnamed, 0, whole, ""));
    }
    return unnamed == 0 && timeoutSeconds == 0 && mask == whole && engine.isEmpty()
        ? Optional.empty()
        : Optional.of(new ForeignSettings(unnamed, timeoutSeconds, mask, engine));
  }

  /** The mask under which the whole address counts. */
  static int wholeAddress(AddressFamily family) {
    return family == AddressFamily.IPV6 ? 128 : -1;
  }

  /** Keeps the flag bits alone: the service gets a persistence, or loses what looks like one. */
  static @Nullable ForeignSettings flagsOf(
      @Nullable ForeignSettings settings, AddressFamily family) {
    return settings == null || settings.flagBits == 0
        ? null
        : new ForeignSettings(settings.flagBits, 0, wholeAddress(family), "");
  }

  /** Returns for example {@code flags 0x40 timeout 300 mask 0xffffff00 pe sip}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    if (flagBits != 0) {
      text.append(String.format(Locale.ROOT, "flags 0x%x ", flagBits));
    }
    if (timeoutSeconds != 0) {
      text.append("timeout ").append(timeoutSeconds).append(' ');
    }
    if (mask != -1 && mask != 128) {
      text.append(
          mask > 0 && mask < 128
              ? "mask /" + mask + ' '
              : String.format(Locale.ROOT, "mask 0x%08x ", mask));
    }
    if (!engine.isEmpty()) {
      text.append("pe ").append(engine).append(' ');
    }
    return text.toString().strip();
  }
}
