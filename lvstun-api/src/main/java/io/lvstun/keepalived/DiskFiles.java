// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files of this machine; a pattern's directories are walked one component at a time. */
final class DiskFiles implements ConfigFiles {

  /** The most paths that one pattern may match. */
  private static final int MOST_PATHS = 4096;

  static String tooLarge(long size) {
    return "the file has "
        + (size < 0 ? "more than " + LARGEST_FILE : Long.toString(size))
        + " bytes; at most "
        + LARGEST_FILE
        + " are read";
  }

  @Override
  public String read(String path) throws IOException {
    Path file = path(path);
    if (!Files.exists(file)) {
      throw new FileNotFoundException("there is no such file");
    }
    if (!Files.isRegularFile(file)) {
      throw new IOException("it is no regular file");
    }
    long size = Files.size(file);
    if (size > LARGEST_FILE) {
      throw new IOException(tooLarge(size));
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LARGEST_FILE + 1);
      if (bytes.length > LARGEST_FILE) {
        throw new IOException(tooLarge(-1));
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private static Path path(String text) throws IOException {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IOException("it is no path: " + e.getReason(), e);
    }
  }

  @Override
  public List<String> find(String directory, String pattern) {
    List<String> found = new ArrayList<>();
    for (String one : GlobPattern.alternatives(GlobPattern.absolute(directory, pattern))) {
      try {
        walk(Path.of(one.startsWith("/") ? "/" : ""), GlobPattern.components(one), 0, found);
      } catch (InvalidPathException e) {
        // What is no path names no file.
      }
    }
    return found.stream().distinct().toList();
  }

  private static void walk(Path at, List<String> components, int index, List<String> found) {
    if (found.size() >= MOST_PATHS) {
      return;
    }
    if (index == components.size()) {
      found.add(at.toString());
      return;
    }
    String component = components.get(index);
    if (!GlobPattern.isWild(component)) {
      Path next = at.resolve(component);
      if (Files.exists(next)) {
        walk(next, components, index + 1, found);
      }
      return;
    }
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(at)) {
      for (Path entry : entries) {
        names.add(entry.getFileName().toString());
      }
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      return;
    }
    names.stream()
        .filter(name -> GlobPattern.matches(component, name))
        .sorted()
        .forEach(name -> walk(at.resolve(name), components, index + 1, found));
  }
}
