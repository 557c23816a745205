// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SavedTableTest {

  private static final Snapshot TABLE =
      new Snapshot(
          List.of(VirtualService.tcp("192.0.2.1", 80)),
          Timeouts.ofSeconds(900, 120, 300),
          List.of(SyncDaemon.master("eth0")));

  @TempDir Path folder;

  @Test
  void permissionsOfTheFormerFileAreKeptAndNothingIsLeftBeside() throws IOException {
    Path file = Files.writeString(folder.resolve("ipvsadm"), "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThat(SavedTable.write(TABLE, file)).isEmpty();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r-----");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
    assertThat(Files.readString(file)).contains("\n-A -t 192.0.2.1:80 -s wlc\n");
  }

  @Test
  void fileThatALinkLeadsToIsWrittenAndTheLinkStays() throws IOException {
    Path file = Files.writeString(folder.resolve("real"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("real"));
    assertThat(SavedTable.write(TABLE, link)).isEmpty();
    assertThat(link).isSymbolicLink();
    assertThat(Files.readString(file)).contains("192.0.2.1:80");
  }

  @Test
  void newFileIsReadableByAll() throws IOException {
    Path file = folder.resolve("new");
    assertThat(SavedTable.write(TABLE, file)).isEmpty();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r--r--");
  }

  @Test
  void failureLeavesTheFormerFileAndNothingBeside() throws IOException {
    Path directory = Files.createDirectories(folder.resolve("d/full"));
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> SavedTable.write(TABLE, directory.getParent()))
        .withMessageStartingWith("cannot save the table to " + directory.getParent());
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(directory.getParent());
    }
  }

  @Test
  void timeoutsAndDaemonsThatAreNotSavedStayAsTheyAre() throws IOException {
    Snapshot present =
        new Snapshot(
            List.of(),
            Timeouts.ofSeconds(4, 5, 6),
            List.of(SyncDaemon.master("eth1"), SyncDaemon.backup("eth1")));
    Path file = folder.resolve("rules");
    Files.writeString(file, "-A -t 192.0.2.1:80\n");
    assertThat(SavedTable.read(file).over(present).timeouts()).isEqualTo(present.timeouts());
    assertThat(SavedTable.read(file).over(present).syncDaemons()).isEqualTo(present.syncDaemons());
    Files.writeString(file, "--set 0 7 0\n--start-daemon master --mcast-interface eth0\n");
    Snapshot over = SavedTable.read(file).over(present);
    assertThat(over.timeouts()).isEqualTo(Timeouts.ofSeconds(4, 7, 6));
    assertThat(over.syncDaemons())
        .extracting(daemon -> daemon.role() + " " + daemon.interfaceName())
        .containsExactly("master eth0", "backup eth1");
    assertThat(over.services()).isEmpty();
  }
}
