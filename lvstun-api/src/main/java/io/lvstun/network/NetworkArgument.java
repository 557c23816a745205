// SPDX-License-Identifier: Apache-2.0
package io.lvstun.network;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.lvstun.AddressFamily;
import io.lvstun.ForeignText;
import io.lvstun.IpAddress;
import java.net.InetAddress;
import java.util.Objects;

/** Argument checks with messages that name the parameter, the value and the allowed range. */
final class NetworkArgument {

  /** What 32 bits without a sign hold. */
  static final long MAX_U32 = 0xffff_ffffL;

  private NetworkArgument() {}

  @CanIgnoreReturnValue
  static long range(String parameter, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          parameter + " must be " + least + " to " + most + ", not " + value);
    }
    return value;
  }

  /** A name of a link or a label, as the kernel takes it and {@code ip} writes it. */
  @CanIgnoreReturnValue
  static String name(String parameter, String value) {
    Objects.requireNonNull(value, parameter);
    if (value.isEmpty()
        || value.length() > 15
        || value.equals(".")
        || value.equals("..")
        || !value.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '/')) {
      throw new IllegalArgumentException(
          parameter
              + " must be 1 to 15 printable ASCII characters without spaces or '/', not \""
              + ForeignText.excerpt(value, 64)
              + '"');
    }
    return value;
  }

  @CanIgnoreReturnValue
  static int prefix(InetAddress address, int length) {
    return (int)
        range(
            "prefix length of " + IpAddress.format(address),
            length,
            0,
            AddressFamily.of(address).addressBits());
  }
}
