// SPDX-License-Identifier: Apache-2.0
package io.lvstun.state;

/**
 * Version and table size of IPVS.
 *
 * @param version the version as {@code major << 16 | minor << 8 | patch}; 0x010201 is 1.2.1
 * @param connectionTableSize number of hash buckets of the connection table
 * @since 0.1.0
 */
public record IpvsInfo(int version, int connectionTableSize) {

  /**
   * Writes the version in dotted form.
   *
   * @return for example {@code 1.2.1}
   */
  public String versionText() {
    return (version >> 16 & 0xff) + "." + (version >> 8 & 0xff) + "." + (version & 0xff);
  }

  /** Returns the first line of {@code ipvsadm -L}. */
  @Override
  public String toString() {
    return "IP Virtual Server version " + versionText() + " (size=" + connectionTableSize + ')';
  }
}
