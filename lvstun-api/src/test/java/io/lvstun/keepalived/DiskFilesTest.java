// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskFilesTest {

  @TempDir private Path directory;

  @Test
  void readsUtf8AndRefusesWhatIsNoFile() throws IOException {
    Path file = directory.resolve("a");
    Files.writeString(file, "é\n");
    DiskFiles files = new DiskFiles();
    assertThat(files.read(file.toString())).isEqualTo("é\n");
    assertThatThrownBy(() -> files.read(directory.toString()))
        .isInstanceOf(IOException.class)
        .hasMessage("it is no regular file");
    assertThatThrownBy(() -> files.read(directory.resolve("b").toString()))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessage("there is no such file");
    assertThatThrownBy(() -> files.read("/a\0b"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("it is no path");
  }

  @Test
  void largestFileIsReadAndOneByteMoreIsRefused() throws IOException {
    Path file = directory.resolve("a");
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
      raw.setLength(ConfigFiles.LARGEST_FILE);
      assertThat(new DiskFiles().read(file.toString())).hasSize(ConfigFiles.LARGEST_FILE);
      raw.setLength(ConfigFiles.LARGEST_FILE + 1L);
    }
    assertThatThrownBy(() -> new DiskFiles().read(file.toString()))
        .hasMessage("the file has 16777217 bytes; at most 16777216 are read");
  }

  @Test
  void findsInOrderOfNamesAndEachOnce() throws IOException {
    Files.createDirectories(directory.resolve("d/e"));
    for (String name : List.of("d/b.conf", "d/a.conf", "d/.c.conf", "d/a.txt", "d/e/a.conf")) {
      Files.writeString(directory.resolve(name), "");
    }
    DiskFiles files = new DiskFiles();
    String base = directory.toString();
    assertThat(files.find(base, "d/*.conf"))
        .containsExactly(base + "/d/a.conf", base + "/d/b.conf");
    assertThat(files.find(base, "d/{b,a,b}.conf"))
        .containsExactly(base + "/d/b.conf", base + "/d/a.conf");
    assertThat(files.find(base, "*/*/a.conf")).containsExactly(base + "/d/e/a.conf");
    assertThat(files.find(base, "d/.*.conf")).containsExactly(base + "/d/.c.conf");
    assertThat(files.find("/nowhere", base + "/d/a.txt")).containsExactly(base + "/d/a.txt");
    assertThat(files.find(base, "d/a.txt/*")).isEmpty();
    assertThat(files.find(base, "d/\0*")).isEmpty();
  }

  @Test
  void filesOnDiskAreFoundByPattern() throws IOException {
    Files.createDirectories(directory.resolve("conf.d/sub"));
    Path main = directory.resolve("keepalived.conf");
    Files.writeString(main, "include conf.d/*.conf\ninclude conf.d/{sub,none}/[xy]?\n");
    Files.writeString(directory.resolve("conf.d/b.conf"), "global_defs { router_id b\n}\n");
    Files.writeString(directory.resolve("conf.d/a.conf"), "global_defs { router_id a\n}\n");
    Files.writeString(directory.resolve("conf.d/sub/x1"), "global_defs { lvs_flush\n}\n");
    ImportedConfig imported = ConfigReader.onDisk().read(main.toString());
    assertThat(imported.config().global().routerId()).contains("b");
    assertThat(imported.config().global().flush()).isTrue();
    assertThat(imported.tree().get(0).place().file()).endsWith("conf.d/a.conf");
    assertThat(imported.losses()).isEmpty();
  }
}
