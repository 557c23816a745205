// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.cluster.Topology;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseMetadataTest {

  /** A file in the MaxMind DB format whose tree is of zeros. */
  private static byte[] database(int nodes, int treeBytes, String type, long built)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(new byte[treeBytes + 16]);
    out.write("\u00ab\u00cd\u00efMaxMind.com".getBytes(StandardCharsets.ISO_8859_1));
    out.write(0xe0 | 9);
    text(out, "node_count");
    out.write(new byte[] {(byte) (6 << 5 | 4), 0, 0, (byte) (nodes >> 8), (byte) nodes});
    text(out, "record_size");
    out.write(new byte[] {(byte) (5 << 5 | 1), 24});
    text(out, "database_type");
    text(out, type);
    text(out, "build_epoch");
    out.write(new byte[] {4, 2});
    out.write(
        new byte[] {(byte) (built >> 24), (byte) (built >> 16), (byte) (built >> 8), (byte) built});
    text(out, "ip_version");
    out.write(new byte[] {(byte) (5 << 5 | 1), 4});
    text(out, "binary_format_major_version");
    out.write(new byte[] {(byte) (5 << 5 | 1), 2});
    text(out, "binary_format_minor_version");
    out.write(5 << 5);
    text(out, "description");
    out.write(0xe0);
    text(out, "languages");
    out.write(new byte[] {1, 4});
    text(out, "en");
    return out.toByteArray();
  }

  private static void text(ByteArrayOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length < 29) {
      out.write(2 << 5 | bytes.length);
    } else {
      out.write(2 << 5 | 29);
      out.write(bytes.length - 29);
    }
    out.write(bytes);
  }

  @Test
  void metadataOfADatabaseIsRead(@TempDir Path directory) throws IOException {
    long built = Instant.parse("2026-01-01T00:00:00Z").getEpochSecond();
    Path file = directory.resolve("geo.mmdb");
    Files.write(file, database(100, 600, "A-Type-Whose-Name-Is-Rather-Long-Country", built));
    DatabaseMetadata database = DatabaseMetadata.read(file);
    assertThat(database.problem()).isEmpty();
    assertThat(database.type()).isEqualTo("A-Type-Whose-Name-Is-Rather-Long-Country");
    assertThat(database.built()).contains(Instant.ofEpochSecond(built));
    Topology topology =
        Topology.parse(
            "directors: [netns:d]\nsteering:\n  databases:\n    - {path: \"" + file + "\"}\n");
    assertThat(topology.statement().steering().orElseThrow().databases()).containsExactly(database);
  }

  @Test
  void brokenDatabasesHaveAProblem(@TempDir Path directory) throws IOException {
    assertThat(DatabaseMetadata.read(directory.resolve("none")).problem())
        .contains("there is no such file");
    Path file = directory.resolve("geo.mmdb");
    Files.write(file, database(1000, 600, "X-City", 1));
    assertThat(DatabaseMetadata.read(file).problem().orElseThrow()).contains("shorter");
    byte[] whole = database(100, 600, "X-City", 1);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      assertThat(DatabaseMetadata.read(file).problem()).as("of length %d", length).isPresent();
    }
    Files.write(file, new byte[0]);
    assertThat(DatabaseMetadata.read(file).problem().orElseThrow()).contains("no metadata");
    assertThat(DatabaseMetadata.read(directory).problem()).isPresent();
  }
}
