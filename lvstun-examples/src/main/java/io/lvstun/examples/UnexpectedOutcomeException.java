// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

import java.io.Serial;

/** An example did not come out as it should: the cluster, or the example, is broken. */
final class UnexpectedOutcomeException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  UnexpectedOutcomeException(String message) {
    super(message);
  }
}
