// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Files whose contents are at hand, by path. */
final class KnownFiles implements ConfigFiles {

  private final TreeMap<String, String> contents;

  KnownFiles(Map<String, String> contents) {
    this.contents = new TreeMap<>(contents);
  }

  @Override
  public String read(String path) throws IOException {
    String text = contents.get(path);
    if (text == null) {
      throw new FileNotFoundException("there is no such file");
    }
    if (text.length() > LARGEST_FILE) {
      throw new IOException(DiskFiles.tooLarge(text.length()));
    }
    return text;
  }

  @Override
  public List<String> find(String directory, String pattern) {
    return GlobPattern.alternatives(GlobPattern.absolute(directory, pattern)).stream()
        .flatMap(
            one ->
                contents.containsKey(one)
                    ? java.util.stream.Stream.of(one)
                    : contents.keySet().stream().filter(path -> GlobPattern.matches(one, path)))
        .distinct()
        .toList();
  }
}
