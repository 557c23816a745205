// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetadataReaderTest {

  @TempDir Path folder;

  private String problem(byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("x.mmdb"), bytes);
    return MetadataReader.read(file).toString();
  }

  @Test
  void typeAndTimeAreReadWithoutReadingTheData() {
    Path file =
        new MmdbWriter(4, "Test-Country")
            .built(1_700_000_000L)
            .country("1.0.0.0/24", "CN")
            .write(folder.resolve("country.mmdb"));
    assertThat(MetadataReader.read(file).toString())
        .contains("Test-Country")
        .contains("2023-11-14T22:13:20Z");
  }

  @Test
  void whatIsNoDatabaseIsToldWithTheReason() throws IOException {
    assertThat(problem(new byte[0])).contains("the file is empty");
    assertThat(problem(new byte[100_000])).contains("it is no MaxMind DB");
    assertThat(MetadataReader.read(folder.resolve("none")).toString())
        .contains("there is no such file");
  }

  @Test
  void everyTruncationAndEveryFlippedByteEndsInAnAnswer() throws IOException {
    Path file =
        new MmdbWriter(4, "Test-Country")
            .country("1.0.0.0/24", "CN")
            .write(folder.resolve("country.mmdb"));
    byte[] whole = Files.readAllBytes(file);
    for (int i = 1; i < whole.length; i += 3) {
      byte[] flipped = whole.clone();
      flipped[i] ^= (byte) 0xff;
      assertThat(problem(flipped)).isNotEmpty();
      assertThat(problem(Arrays.copyOf(whole, i))).isNotEmpty();
    }
  }
}
