// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.lab;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** The small programs that hosts of a topology run, as files. */
final class HostPrograms {
  private static final Map<String, Path> FILES = new ConcurrentHashMap<>();

  private HostPrograms() {}

  static Path file(String name) {
    return FILES.computeIfAbsent(name, HostPrograms::unpack);
  }

  private static Path unpack(String name) {
    try (InputStream text =
        Objects.requireNonNull(HostPrograms.class.getResourceAsStream(name), name)) {
      Path file = Files.createTempFile("lvstun-", "-" + name);
      file.toFile().deleteOnExit();
      Files.write(file, text.readAllBytes());
      return file;
    } catch (IOException e) {
      throw new LabException("cannot unpack " + name, e);
    }
  }
}
