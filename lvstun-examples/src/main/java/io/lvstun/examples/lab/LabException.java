// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.lab;

/** A part of a topology could not be made, or a command in it did not do what was asked of it. */
public final class LabException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LabException(String message) {
    super(message);
  }

  LabException(String message, Throwable cause) {
    super(message, cause);
  }
}
