// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.net.InetAddress;
import java.util.Objects;

/** Argument checks with messages that name the parameter, the value and the allowed range. */
final class ServiceArgument {

  static final int MAX_PORT = 65535;

  private static final InetAddress BROADCAST = IpAddress.ofBytes(new byte[] {-1, -1, -1, -1});

  private ServiceArgument() {}

  @CanIgnoreReturnValue
  static int range(String parameter, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          parameter + " must be " + least + " to " + most + ", not " + value);
    }
    return value;
  }

  @CanIgnoreReturnValue
  static long range(String parameter, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          parameter + " must be " + least + " to " + most + ", not " + value);
    }
    return value;
  }

  @CanIgnoreReturnValue
  static InetAddress unicast(String owner, InetAddress address) {
    if (address.isAnyLocalAddress() || address.isMulticastAddress() || address.equals(BROADCAST)) {
      throw new IllegalArgumentException(
          "address of a " + owner + " must be a unicast address, not " + IpAddress.format(address));
    }
    return address;
  }

  /** A name that the kernel stores as a NUL-terminated string: printable ASCII without spaces. */
  @CanIgnoreReturnValue
  static String name(String parameter, String value, int longest) {
    Objects.requireNonNull(value, parameter);
    if (value.isEmpty()
        || value.length() > longest
        || !value.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '/')) {
      throw new IllegalArgumentException(
          parameter
              + " must be 1 to "
              + longest
              + " printable ASCII characters without spaces or '/', not \""
              + ForeignText.excerpt(value, 64)
              + '"');
    }
    return value;
  }
}
