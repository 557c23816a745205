// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.bundle.Bundle;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Clusters;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bundle writes and check reads, and the options of check on facts that are known. */
class BundleCommandTest {

  @TempDir private Path folder;
  private String healthy = "";
  private String broken = "";

  @BeforeEach
  void bundles() throws Exception {
    healthy = bundle("healthy", Recorded.facts("json-rs1"));
    broken =
        bundle(
            "broken",
            Clusters.edited(
                "json-rs1",
                facts -> facts.replace("link", "\"NOARP\",\"UP\",\"LOWER_UP\"", "\"NOARP\"")));
  }

  private String bundle(String name, HostFacts server) throws Exception {
    Path file = folder.resolve(name + ".zip");
    try (OutputStream out = Files.newOutputStream(file)) {
      Bundle.write(Clusters.withServer(server), out);
    }
    return file.toString();
  }

  private static Runner check(String bundle, String... options) {
    String[] all = new String[options.length + 3];
    all[0] = "check";
    all[1] = "--from-bundle";
    all[2] = bundle;
    System.arraycopy(options, 0, all, 3, options.length);
    return Runner.run(all);
  }

  // ---- the file ----

  @Test
  void aBundleOfThisMachineIsMadeAndRead() throws Exception {
    Path file = folder.resolve("local.zip");
    Runner made =
        Runner.run("bundle", "-d", "me=local", "--sample", "0s", "--no-discovery", file.toString());
    assertThat(made.status()).as(made.err()).isZero();
    assertThat(made.out()).contains("1 of 1 hosts");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (var files = Files.list(folder)) {
      assertThat(files.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("local.zip", "healthy.zip", "broken.zip");
    }
    assertThat(check(file.toString(), "--only", "HST").out()).contains("me  director  local");
    Runner again = Runner.run("bundle", "-d", "local", "--no-discovery", file.toString());
    assertThat(again.status()).isEqualTo(2);
    assertThat(again.err()).contains("exists already; --force");
  }

  @Test
  void aHostThatIsAwayIsToldAndPutIn() throws Exception {
    Path file = folder.resolve("away.zip");
    Runner made =
        Runner.run("bundle", "-d", "netns:nowhere-at-all", "--no-discovery", file.toString());
    assertThat(made.status()).isEqualTo(4);
    assertThat(made.out()).contains("0 of 1 hosts");
    assertThat(made.err()).contains("nowhere-at-all: ");
    Runner checked = check(file.toString());
    assertThat(checked.status()).isEqualTo(3);
    assertThat(checked.out()).contains("FAIL HST-001 nowhere-at-all");
  }

  @Test
  void aFolderThatIsNotThereIsRefused() {
    Runner runner = Runner.run("bundle", "-d", "local", folder.resolve("no/x.zip").toString());
    assertThat(runner.status()).isEqualTo(2);
    assertThat(Runner.run("bundle", "-d", "local", folder.toString()).status()).isEqualTo(2);
  }

  @Test
  void badBundlesAreRefused() throws Exception {
    Path bad = Files.writeString(folder.resolve("bad.zip"), "no bundle");
    for (String file : new String[] {bad.toString(), folder.toString(), "/nonexistent"}) {
      Runner runner = check(file);
      assertThat(runner.status()).as(runner.err()).isEqualTo(2);
      assertThat(runner.err()).startsWith("lvstun-doctor: cannot read ").hasLineCount(1);
    }
    assertThat(check(healthy, "-d", "local").err()).contains("--from-bundle stands alone");
  }

  // ---- check on known facts ----

}
