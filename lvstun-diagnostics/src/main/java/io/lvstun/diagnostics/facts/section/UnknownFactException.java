// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.section;

/**
 * Thrown by {@link Fact#get()} when the fact is not known. The engine makes an ERROR finding of it.
 *
 * @since 0.1.0
 */
public final class UnknownFactException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param reason why the fact is not known, as a clause
   */
  public UnknownFactException(String reason) {
    super(reason, null, false, false);
  }

  /**
   * Returns why the fact is not known.
   *
   * @return the reason
   */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
