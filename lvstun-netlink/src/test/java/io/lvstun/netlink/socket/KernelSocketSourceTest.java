// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.NamespaceChangedException;
import io.lvstun.NetworkNamespace;
import io.lvstun.spi.HeldNamespace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Namespaces that are entered, gone and closed; on whatever Linux the build runs on. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "netlink is Linux's")
class KernelSocketSourceTest {

  private static final int QUEUE = 64 * 1024;

  private final KernelSocketSource source = new KernelSocketSource(null, QUEUE);
  private NetlinkSession session;

  @BeforeEach
  void open() {
    KernelSocketSource.load();
    session = new NetlinkSession(source.open(SocketSource.GENERIC), 4096, NetlinkSession.SMALL);
  }

  @AfterEach
  void close() {
    session.close();
    session.close();
  }

  @Test
  void filesOfTheNamespaceAreRead() throws IOException {
    try (InputStream file = source.openProcNet("dev")) {
      assertThat(new String(file.readAllBytes(), StandardCharsets.UTF_8)).contains("lo:");
    }
    assertThatThrownBy(() -> source.openProcNet("no_such_file"))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void fileThatIsNoNamespaceIsNamedByItsError() {
    try (KernelSocketSource other =
        new KernelSocketSource(held(Path.of("/proc/self/status")), QUEUE)) {
      assertThatThrownBy(() -> other.open(SocketSource.GENERIC))
          .isInstanceOfSatisfying(
              SystemCallException.class, e -> assertThat(e.errno()).isIn(1, 22));
    }
  }

  private static HeldNamespace held(Path path) {
    return HeldNamespace.open(new NetworkNamespace(path), "netlink");
  }

  @Test
  void closedSourceOpensNothing(@TempDir Path folder) throws IOException {
    Path file = Files.createFile(folder.resolve("namespace"));
    KernelSocketSource other = new KernelSocketSource(held(file), QUEUE);
    other.close();
    other.close();
    assertThatThrownBy(() -> other.open(SocketSource.GENERIC))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(file + " is closed");
  }

  @Test
  void nameThatStandsForAnotherFileIsToldBeforeAnythingIsOpened(@TempDir Path folder)
      throws IOException {
    Path file = Files.createFile(folder.resolve("namespace"));
    try (KernelSocketSource other = new KernelSocketSource(held(file), QUEUE)) {
      other.requireCurrent("read services", "");
      Files.delete(file);
      assertThatThrownBy(() -> other.requireCurrent("read services", ""))
          .isInstanceOf(NamespaceChangedException.class)
          .hasMessageContaining(file + " was deleted");
    }
  }
}
