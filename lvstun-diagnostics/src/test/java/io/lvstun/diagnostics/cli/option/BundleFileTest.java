// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.diagnostics.cli.terminal.FailedException;
import io.lvstun.diagnostics.cli.terminal.UsageException;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Member;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleFileTest {

  private static final Cluster CLUSTER = Clusters.withServer(Recorded.facts("json-rs1"));

  @TempDir private Path folder;

  private List<String> names() throws Exception {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void writtenBundleIsForItsOwnerAloneAndReadsBack() throws Exception {
    Path file = folder.resolve("a.bundle");
    new BundleFile(file, false).write(CLUSTER);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(names()).containsExactly("a.bundle");
    Cluster back = BundleFile.read(file.toString(), InputStream.nullInputStream());
    assertThat(back.members()).extracting(Member::name).containsExactly("director", "rs");
    byte[] bytes = Files.readAllBytes(file);
    assertThat(BundleFile.read("-", new ByteArrayInputStream(bytes)).members()).hasSize(2);
  }

  @Test
  void fileThatIsThereIsReplacedOnlyWhereThatIsAllowed() throws Exception {
    Path file = Files.writeString(folder.resolve("a"), "mine");
    assertThatThrownBy(() -> new BundleFile(file, false).validate())
        .isInstanceOf(UsageException.class)
        .hasMessage(file + " exists already; --force replaces it");
    assertThatThrownBy(() -> new BundleFile(file, false).write(CLUSTER))
        .isInstanceOf(FailedException.class)
        .hasMessage("cannot write " + file + ": it exists already");
    assertThat(file).hasContent("mine");
    assertThat(names()).containsExactly("a");
    new BundleFile(file, true).validate();
    new BundleFile(file, true).write(CLUSTER);
    assertThat(Files.size(file)).isGreaterThan(1000);
  }

  @Test
  void partialFileOfAnEarlierDeathIsNoHindranceAndNoLinkIsFollowed() throws Exception {
    Path target = Files.writeString(folder.resolve("target"), "mine");
    Files.createSymbolicLink(folder.resolve(".a.partial"), target);
    new BundleFile(folder.resolve("a"), false).write(CLUSTER);
    assertThat(target).hasContent("mine");
    assertThat(names()).containsExactly("a", "target");
  }

  @Test
  void folderIsRefused() {
    for (Path path : List.of(folder, folder.resolve("none/a"), Path.of("/"))) {
      assertThatThrownBy(() -> new BundleFile(path, true).validate())
          .isInstanceOf(UsageException.class)
          .hasMessageContaining("is a folder, or in none that exists");
    }
    assertThatThrownBy(() -> new BundleFile(folder.resolve("none/a"), true).write(CLUSTER))
        .isInstanceOf(FailedException.class)
        .hasMessageEndingWith("no such file or folder");
  }

  @Test
  void whatIsNoBundleIsRefusedWithItsName() throws Exception {
    Path empty = Files.createFile(folder.resolve("empty"));
    Path random = folder.resolve("random");
    byte[] bytes = new byte[5000];
    new Random(3).nextBytes(bytes);
    Files.write(random, bytes);
    for (String file : List.of(empty.toString(), random.toString(), folder.toString(), "/none")) {
      assertThatThrownBy(() -> BundleFile.read(file, InputStream.nullInputStream()))
          .isInstanceOf(UsageException.class)
          .hasMessageStartingWith("cannot read " + file + ": ");
    }
  }
}
