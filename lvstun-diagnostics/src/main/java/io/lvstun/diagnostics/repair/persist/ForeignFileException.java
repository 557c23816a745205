// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair.persist;

/**
 * A file that is to be written is somebody else's, or was edited by somebody.
 *
 * @since 0.1.0
 */
public final class ForeignFileException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  private final String path;

  ForeignFileException(String path) {
    super(path);
    this.path = path;
  }

  /** Returns why the file is left. */
  public String reason() {
    return path + " is somebody else's, or was edited; it is left as it is";
  }
}
