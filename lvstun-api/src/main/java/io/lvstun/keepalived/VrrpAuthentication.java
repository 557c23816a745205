// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import java.util.Objects;

/**
 * How VRRP adverts are authenticated. The secret appears in no text except the configuration
 * itself.
 *
 * <p>Immutable. Only VRRP version 2 has it. It protects against accidents, not attackers: the
 * password travels in clear text.
 *
 * @since 0.1.0
 */
public final class VrrpAuthentication {

  /** The longest secret: keepalived cuts longer ones. */
  public static final int LONGEST_SECRET = 8;

  private final Type type;
  private final String secret;

  /**
   * The types of VRRP version 2.
   *
   * @since 0.1.0
   */
  public enum Type {
    /** A password in clear text. */
    PASS,
    /** IPsec's authentication header, as keepalived has it. */
    AH
  }

  private VrrpAuthentication(Type type, String secret) {
    this.type = Objects.requireNonNull(type, "type");
    this.secret = secret;
    if (secret.isEmpty()
        || secret.length() > LONGEST_SECRET
        || !secret.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != '\\')) {
      throw new IllegalArgumentException(
          "auth_pass must be 1 to "
              + LONGEST_SECRET
              + " printable ASCII characters without space, quote and backslash");
    }
  }

  /**
   * Returns authentication by password.
   *
   * @param secret 1 to 8 printable ASCII characters without space, quote and backslash
   * @return the authentication
   * @throws IllegalArgumentException if the secret is something else; it is not shown
   */
  public static VrrpAuthentication password(String secret) {
    return new VrrpAuthentication(Type.PASS, secret);
  }

  /**
   * Returns authentication of a type.
   *
   * @param type the type
   * @param secret 1 to 8 printable ASCII characters without space, quote and backslash
   * @return the authentication
   * @throws IllegalArgumentException if the secret is something else; it is not shown
   */
  public static VrrpAuthentication of(Type type, String secret) {
    return new VrrpAuthentication(type, secret);
  }

  /**
   * Returns the type.
   *
   * @return the type
   */
  public Type type() {
    return type;
  }

  String secret() {
    return secret;
  }

  @Override
  public boolean equals(@org.jspecify.annotations.Nullable Object other) {
    return other instanceof VrrpAuthentication that
        && type == that.type
        && secret.equals(that.secret);
  }

  @Override
  public int hashCode() {
    return Objects.hash(type, secret);
  }

  /** Returns the type; the secret is not shown. */
  @Override
  public String toString() {
    return type + " ***";
  }
}
