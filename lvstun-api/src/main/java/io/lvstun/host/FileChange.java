// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

/**
 * A change of a configuration file.
 *
 * @since 0.1.0
 */
public non-sealed interface FileChange extends HostChange {

  /**
   * Returns the file.
   *
   * @return its absolute path
   */
  String path();

  /**
   * Returns a copy at another path.
   *
   * @param otherPath absolute path
   * @return the copy
   */
  FileChange at(String otherPath);

  @Override
  default Risk risk() {
    return Risk.SAFE;
  }
}
