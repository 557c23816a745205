// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Where a configuration's files come from: the disk, or a collection made earlier.
 *
 * @since 0.1.0
 */
public interface ConfigFiles {

  /** The largest file that is read, in bytes: 16 MiB. */
  int LARGEST_FILE = 16 << 20;

  /**
   * Reads a file.
   *
   * @param path the path, absolute or relative to the process
   * @return its text
   * @throws IOException if it cannot be read, is no regular file or is larger than {@link
   *     #LARGEST_FILE}
   */
  String read(String path) throws IOException;

  /**
   * Finds the files that a pattern of {@code glob(7)} matches.
   *
   * @param directory what a relative pattern is relative to
   * @param pattern a path that may have {@code *}, {@code ?}, {@code [...]}, and {@code {a,b}}
   * @return the paths in alphabetical order; empty if there are none
   */
  List<String> find(String directory, String pattern);

  /**
   * Returns the files of this machine.
   *
   * @return the files, read anew at each call; thread-safe
   */
  static ConfigFiles onDisk() {
    return new DiskFiles();
  }

  /**
   * Returns files whose contents are at hand.
   *
   * @param contents text by path
   * @return those files; thread-safe
   */
  static ConfigFiles of(Map<String, String> contents) {
    Objects.requireNonNull(contents, "contents");
    return new KnownFiles(contents);
  }
}
