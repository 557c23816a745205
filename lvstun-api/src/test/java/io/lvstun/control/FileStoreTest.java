// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileStoreTest {

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("state");
  }

  @Test
  void textComesBackAndNobodyElseMayReadIt() throws IOException {
    try (DesiredStateStore store = DesiredStateStore.file(file())) {
      assertThat(store.load()).isEmpty();
      store.save("one\n");
      store.save("two\n");
      assertThat(store.load()).contains("two\n");
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(path -> String.valueOf(path.getFileName())))
          .containsExactlyInAnyOrder("state", "state.lock");
    }
  }

  @Test
  void symbolicLinkIsRefused() throws IOException {
    Path target = Files.writeString(folder.resolve("target"), "text");
    Files.createSymbolicLink(file(), target);
    try (DesiredStateStore store = DesiredStateStore.file(file())) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(store::load)
          .withMessageContaining("not a regular file");
    }
  }

  @Test
  void fileThatOthersMayWriteIsRefused() throws IOException {
    Files.writeString(file(), "text");
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-rw----"));
    try (DesiredStateStore store = DesiredStateStore.file(file())) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(store::load)
          .withMessageContaining("may be written by others (rw-rw----)");
    }
  }

  @Test
  void secondStoreIsRefusedUntilTheFirstIsClosed() throws IOException {
    DesiredStateStore first = DesiredStateStore.file(file());
    assertThat(first.load()).isEmpty();
    try (DesiredStateStore second = DesiredStateStore.file(file())) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(second::load)
          .withMessageContaining("another controller uses");
      first.close();
      assertThat(second.load()).isEmpty();
    }
  }

  @Test
  void leftoverOfAnInterruptedSaveIsReplaced() throws IOException {
    Files.writeString(folder.resolve("state.tmp"), "half a te");
    try (DesiredStateStore store = DesiredStateStore.file(file())) {
      store.save("whole\n");
      assertThat(store.load()).contains("whole\n");
    }
  }

  @Test
  void rejectedTextIsKept() throws IOException {
    try (DesiredStateStore store = DesiredStateStore.file(file())) {
      store.save("unreadable\n");
      assertThat(store.setAside()).contains(file() + ".rejected");
      assertThat(store.load()).isEmpty();
      assertThat(folder.resolve("state.rejected")).hasContent("unreadable\n");
    }
  }
}
