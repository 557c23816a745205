// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Installs into a folder, with the real script in a real shell. */
class InstallFileTest {

  private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);
  private static final String PATH = "/etc/app.conf";

  @TempDir Path folder;
  private FolderHost host;
  private Path file;
  private String owner;

  @BeforeEach
  void folderHasAFile() throws IOException {
    host = new FolderHost(folder);
    file = host.write("etc/app.conf", "old\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    Files.setLastModifiedTime(file, LONG_AGO);
    owner =
        Files.getOwner(file).getName()
            + ":"
            + Files.readAttributes(file, java.nio.file.attribute.PosixFileAttributes.class)
                .group()
                .getName();
  }

  private String mode() throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private void assertUntouched() throws IOException {
    assertThat(file).hasContent("old\n");
    assertThat(mode()).isEqualTo("rw-r-----");
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(LONG_AGO);
    assertNothingLeft();
  }

  private void assertNothingLeft() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("etc"))) {
      assertThat(files.map(each -> each.getFileName().toString()))
          .noneMatch(n -> n.startsWith("."));
    }
  }

  private static String reason(Runnable call) {
    List<String> reasons = new ArrayList<>();
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(call::run)
        .satisfies(e -> reasons.add(e.reason()));
    return reasons.get(0);
  }

  @Test
  void replacesContentKeepsModeAndUndoRestoresAll() throws IOException {
    InstallFile change = InstallFile.of(PATH, "new\n").check("grep", "-q", "new", InstallFile.COPY);
    assertThat(change.holds(host)).isFalse();
    AppliedChange applied = change.apply(host);
    assertThat(file).hasContent("new\n");
    assertThat(mode()).isEqualTo("rw-r-----");
    assertThat(change.holds(host)).isTrue();
    assertThat(change.apply(host).changed()).isFalse();
    assertNothingLeft();

    assertThat(applied.undo()).isTrue();
    assertUntouched();
    assertThat(applied.undo()).isFalse();
    assertUntouched();
    try (Stream<Path> copies = Files.list(folder.resolve("var/lib/lvstun/backups"))) {
      assertThat(copies).isEmpty();
    }
  }

  @Test
  void absentFileIsMadeAndIsAbsentAgainAfterUndo() throws IOException {
    Files.delete(file);
    AppliedChange applied = InstallFile.of(PATH, "new\n").owner(owner).mode("600").apply(host);
    assertThat(file).hasContent("new\n");
    assertThat(mode()).isEqualTo("rw-------");
    assertThat(applied.undo()).isTrue();
    assertThat(file).doesNotExist();
    assertThat(applied.undo()).isFalse();
  }

  @Test
  void modeAloneIsAChangeAndIsUndone() throws IOException {
    AppliedChange applied = InstallFile.of(PATH, "old\n").mode("0644").apply(host);
    assertThat(applied.changed()).isTrue();
    assertThat(mode()).isEqualTo("rw-r--r--");
    assertThat(applied.undo()).isTrue();
    assertUntouched();
  }

  @Test
  void refusedContentLeavesBytesModeAndTimeUntouched() throws IOException {
    InstallFile change =
        InstallFile.of(PATH, "bad\n")
            .mode("600")
            .check(
                "sh", "-c", "echo \"line 1: $(cat \"$1\")\" >&2; exit 3", "sh", InstallFile.COPY);
    assertThat(reason(() -> change.apply(host)))
        .contains("refuses the file, which was not installed")
        .contains("line 1: bad");
    assertUntouched();
    assertThat(folder.resolve("var/lib/lvstun/backups")).doesNotExist();
  }

  @Test
  void missingCheckerIsARefusal() throws IOException {
    InstallFile change = InstallFile.of(PATH, "new\n").check("no-such-program", InstallFile.COPY);
    assertThat(reason(() -> change.apply(host))).contains("no-such-program");
    assertUntouched();
  }

  @Test
  void deathBetweenBackupAndSwitchLeavesTheFileAndTheNextRunCleansUp() throws IOException {
    // The shell is killed by the program that would flush the copy, after the backup was made.
    host.program("sync", "case $1 in */etc/.lvstun-*.new) kill -9 $PPID ;; esac");
    InstallFile change = InstallFile.of(PATH, "new\n");
    assertThatExceptionOfType(HostException.class).isThrownBy(() -> change.apply(host));
    assertThat(file).hasContent("old\n");
    assertThat(mode()).isEqualTo("rw-r-----");
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(LONG_AGO);
    try (Stream<Path> copies = Files.list(folder.resolve("var/lib/lvstun/backups"))) {
      assertThat(copies).hasSize(1);
    }

    host.program("sync", "exit 0");
    AppliedChange applied = change.apply(host);
    assertThat(file).hasContent("new\n");
    assertNothingLeft();
    applied.undo();
    assertUntouched();
  }

  @Test
  void changeBySomebodyElseDuringTheCheckIsNotOverwritten() throws IOException {
    host.program("meddle", "echo theirs >\"$ROOT/etc/app.conf\"");
    assertThat(reason(() -> InstallFile.of(PATH, "new\n").check("meddle").apply(host)))
        .contains("another program has just changed it");
    assertThat(file).hasContent("theirs\n");
    assertNothingLeft();
  }

  @Test
  void changeBySomebodyElseIsNotUndone() throws IOException {
    AppliedChange applied = InstallFile.of(PATH, "new\n").apply(host);
    Files.writeString(file, "theirs\n");
    assertThat(reason(applied::undo)).contains("somebody else has changed it since");
    assertThat(file).hasContent("theirs\n");
  }

  @Test
  void damagedOrMissingBackupIsNotRestored() throws IOException {
    AppliedChange applied = InstallFile.of(PATH, "new\n").apply(host);
    try (Stream<Path> copies = Files.list(folder.resolve("var/lib/lvstun/backups"))) {
      Files.writeString(copies.findFirst().orElseThrow(), "damaged");
    }
    assertThat(reason(applied::undo)).contains("gone or damaged; nothing was changed");
    assertThat(file).hasContent("new\n");
    assertNothingLeft();
  }

  @Test
  void symbolicLinkIsRefusedAndStays() throws IOException {
    Path target = folder.resolve("etc/target");
    Files.move(file, target);
    Files.createSymbolicLink(file, target);
    assertThat(reason(() -> InstallFile.of(PATH, "new\n").apply(host)))
        .contains("/etc/app.conf is a symbolic link: name the file that it leads to");
    assertThat(file).isSymbolicLink();
    assertThat(target).hasContent("old\n");
  }

  @Test
  void missingFolderIsNamedAndNotMade() {
    assertThat(reason(() -> InstallFile.of("/etc/keepalived/x.conf", "new\n").apply(host)))
        .contains("the folder /etc/keepalived does not exist: install what owns it, or make it");
    assertThat(folder.resolve("etc/keepalived")).doesNotExist();
  }

  @Test
  void folderInPlaceOfTheFileIsRefused() throws IOException {
    Files.delete(file);
    Files.createDirectory(file);
    assertThat(reason(() -> InstallFile.of(PATH, "new\n").apply(host)))
        .contains("/etc/app.conf is no regular file");
    assertThat(file).isEmptyDirectory();
  }

  @Test
  void fullDiskLeavesTheFileUntouched() throws IOException {
    // No file may grow beyond 512 or 1024 bytes, by the shell; writing on ends as on a full disk.
    FolderHost full =
        new FolderHost(folder, "sh", "-c", "trap '' XFSZ; ulimit -f 1; exec \"$@\"", "sh");
    assertThat(reason(() -> InstallFile.of(PATH, "x".repeat(100_000)).apply(full)))
        .contains("is the disk full?");
    assertUntouched();
  }

  @Test
  void fullDiskOfBackupsLeavesTheFileUntouched() throws IOException {
    host.write("var/lib/lvstun/backups", "a file where the folder should be");
    assertThat(reason(() -> InstallFile.of(PATH, "new\n").apply(host)))
        .contains("cannot keep a copy of the former file");
    assertUntouched();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 255, 70_000, InstallFile.LARGEST})
  void anyContentOfAnySizeArrivesAsItIs(int size) throws IOException {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    if (size > 2) {
      content[1] = 0;
      content[2] = '\n';
    }
    AppliedChange applied = InstallFile.of(PATH, content).apply(host);
    assertThat(Files.readAllBytes(file)).isEqualTo(content);
    applied.undo();
    assertUntouched();
  }

  @Test
  void contentThatIsTooLargeIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InstallFile.of(PATH, new byte[InstallFile.LARGEST + 1]))
        .withMessageContaining("4194304");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/a b.conf",
        "/etc/$(touch pwned).conf",
        "/etc/'\"`.conf",
        "/etc/-rf",
        "/etc/*",
        "/etc/;reboot"
      })
  void pathThatAShellWouldReadOtherwiseIsAPath(String path) throws IOException {
    AppliedChange applied = InstallFile.of(path, "new\n").owner(owner).apply(host);
    Path made = folder.resolve(path.substring(1));
    assertThat(made).hasContent("new\n");
    applied.undo();
    assertThat(made).doesNotExist();
    assertUntouched();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "etc/a",
        "/",
        "/etc/",
        "/etc/../x",
        "/etc/./x",
        "/a//b",
        "/a\nb",
        "/a\0b",
        "/ä"
      })
  void pathThatIsNotPlainIsRefused(String path) {
    assertThatIllegalArgumentException().isThrownBy(() -> InstallFile.of(path, "x"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"8", "999", "u+x", "64", "77777"})
  void modeThatIsNoneIsRefused(String mode) {
    assertThatIllegalArgumentException().isThrownBy(() -> InstallFile.of(PATH, "x").mode(mode));
  }

  @ParameterizedTest
  @ValueSource(strings = {"root", ":", "root:", "-x:root", "a b:c", "root:root;id"})
  void ownerThatIsNoneIsRefused(String owner) {
    assertThatIllegalArgumentException().isThrownBy(() -> InstallFile.of(PATH, "x").owner(owner));
  }

  @Test
  void journalKeepsWhatUndoNeedsWithoutTheContent() throws IOException {
    InstallFile change = InstallFile.of(PATH, "new\n");
    AppliedChange applied = change.apply(host);
    InstallFile kept = change.journalled();
    assertThat(kept.encoded()).isEmpty();
    assertThat(new AppliedChange(host, kept, applied.before(), applied.after()).undo()).isTrue();
    assertUntouched();
    assertThatIllegalStateException().isThrownBy(() -> kept.apply(host));
  }
}
