// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import io.lvstun.ForeignText;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A DNS query over UDP: keepalived's {@code DNS_CHECK}. It passes if a response to this query comes
 * without an error, and with the expected record if one is named.
 *
 * @param path how its packets reach the server
 * @param timeout how long one run may take, 1 ms to a day
 * @param type the type that is asked for
 * @param name the name that is asked for, {@code .} for the root; at most 253 characters, labels of
 *     1 to 63
 * @param expected a record of the answer: an address, a name, or a text; empty for none in
 *     particular, not even that there is one
 * @since 0.1.0
 */
public record DnsCheck(
    CheckPath path, Duration timeout, Type type, String name, Optional<String> expected)
    implements NetworkCheck {

  /**
   * A type of DNS records.
   *
   * @since 0.1.0
   */
  public enum Type {
    /** An IPv4 address. */
    A(1),
    /** A name server. */
    NS(2),
    /** Another name of the same. */
    CNAME(5),
    /** Start of a zone. */
    SOA(6),
    /** A mail server. */
    MX(15),
    /** Text. */
    TXT(16),
    /** An IPv6 address. */
    AAAA(28);

    private final int number;

    Type(int number) {
      this.number = number;
    }

    /**
     * Returns its number in messages.
     *
     * @return the number, RFC 1035
     */
    public int number() {
      return number;
    }
  }

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if the time-out is out of range or the name is none
   */
  public DnsCheck {
    Objects.requireNonNull(timeout, "timeout");
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(expected, "expected");
    HealthArgument.time("timeout", timeout);
    boolean root = name.equals(".");
    String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    boolean valid = root || (!bare.isEmpty() && bare.length() <= 253);
    for (String label : bare.split("\\.", -1)) {
      valid &=
          root
              || (!label.isEmpty()
                  && label.length() <= 63
                  && label.chars().allMatch(c -> c > ' ' && c < 0x7f));
    }
    if (!valid) {
      throw new IllegalArgumentException(
          "name must be a domain name of printable ASCII, or \".\", not \""
              + ForeignText.excerpt(name, 64)
              + '"');
    }
  }

  @Override
  public String describe() {
    return "DNS " + type + " " + name;
  }
}
