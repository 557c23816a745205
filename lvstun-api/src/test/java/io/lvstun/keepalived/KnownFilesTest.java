// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownFilesTest {

  @Test
  void filesAreFoundLikeOnDisk(@TempDir Path directory) throws IOException {
    Map<String, String> contents = new HashMap<>();
    for (String name : List.of("a.conf", "b.conf", ".c.conf", "d.txt", "e/f.conf", "e/g/h.conf")) {
      Path file = directory.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, name);
      contents.put(file.toString(), name);
    }
    ConfigFiles known = ConfigFiles.of(contents);
    ConfigFiles disk = ConfigFiles.onDisk();
    String base = directory.toString();
    for (String pattern :
        List.of(
            "*.conf",
            "?.conf",
            "[!a].conf",
            "{b,a,none}.conf",
            "*/*.conf",
            "e/*/*",
            ".*.conf",
            "a.conf",
            "none",
            "[ab].conf",
            "{*.txt,e/f.conf}",
            base + "/d.txt",
            "*.{conf,txt}")) {
      assertThat(known.find(base, pattern)).as(pattern).isEqualTo(disk.find(base, pattern));
      for (String path : known.find(base, pattern)) {
        assertThat(known.read(path)).isEqualTo(disk.read(path));
      }
    }
  }

  @Test
  void refusalsAreThoseOfTheDisk() {
    ConfigFiles known = ConfigFiles.of(Map.of("/big", "x".repeat(ConfigFiles.LARGEST_FILE + 1)));
    assertThatThrownBy(() -> known.read("/none"))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessage("there is no such file");
    assertThatThrownBy(() -> known.read("/big"))
        .hasMessage("the file has 16777217 bytes; at most 16777216 are read");
  }
}
