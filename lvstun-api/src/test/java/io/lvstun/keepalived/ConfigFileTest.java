// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {

  @Test
  void fileWithSecretIsItsOwnersAlone(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("keepalived.conf");
    KeepalivedConfig open =
        KeepalivedConfig.EMPTY.instances(
            List.of(VrrpInstance.of("a", "eth0", 1).addAddress("192.0.2.1")));
    open.writeTo(file);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r--r--");
    KeepalivedConfig secret = open.instances(List.of(open.instances().get(0).password("s3cret")));
    secret.writeTo(file);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(ConfigReader.onDisk().read(file.toString()).config()).isEqualTo(secret);
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void failureLeavesTheOldFileAndNoOther(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("keepalived.conf");
    Files.createDirectories(file.resolve("inside"));
    assertThatThrownBy(() -> ConfigFile.replace(file, "text", false))
        .isInstanceOf(IOException.class);
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
    assertThat(file.resolve("inside")).isDirectory();
    assertThatThrownBy(() -> ConfigFile.replace(directory.resolve("no/file"), "text", true))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> ConfigFile.replace(Path.of("/"), "text", true))
        .hasMessage("/ is no file");
  }

  @Test
  void replacesTheWholeText(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("a");
    ConfigFile.replace(file, "x".repeat(100_000) + "é", false);
    assertThat(Files.readString(file)).hasSize(100_001).endsWith("é");
    ConfigFile.replace(file, "short", false);
    assertThat(Files.readString(file)).isEqualTo("short");
  }
}
