// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.NamespaceChangedException;
import io.lvstun.NetworkNamespace;
import io.lvstun.NotFoundException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** On plain files, which stand for namespaces here: what counts is device and inode. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "descriptors are found in Linux's /proc")
final class HeldNamespaceTest {

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void makeFile() throws IOException {
    file = Files.writeString(folder.resolve("blue"), "old");
  }

  private static HeldNamespace held(Path path) {
    return HeldNamespace.open(new NetworkNamespace(path), "netlink");
  }

  @Test
  void descriptorLeadsToWhatWasOpenedWhateverBecomesOfTheName() throws IOException {
    try (HeldNamespace held = held(file)) {
      assertThat(Files.readString(held.path())).isEqualTo("old");
      Files.delete(file);
      Files.writeString(file, "new");
      assertThat(Files.readString(held.path())).isEqualTo("old");
      assertThat(held.path().getFileName()).hasToString(Integer.toString(held.descriptor()));
    }
  }

  @Test
  void eachHasADescriptorOfItsOwn() {
    List<HeldNamespace> all = new ArrayList<>();
    Set<Integer> descriptors = new HashSet<>();
    for (int i = 0; i < 5; i++) {
      all.add(held(file));
      descriptors.add(all.get(i).descriptor());
    }
    assertThat(descriptors).hasSize(5);
    all.forEach(HeldNamespace::close);
    all.forEach(HeldNamespace::close);
    assertThat(all).noneMatch(held -> isSameFile(held.path()));
  }

  private boolean isSameFile(Path path) {
    try {
      return Files.isSameFile(path, file);
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void nameThatStandsForTheSameIsCurrent() throws IOException {
    try (HeldNamespace held = held(file)) {
      held.requireCurrent("read services", "");
      // A second name is as good as the first.
      Path other = Files.createLink(folder.resolve("green"), file);
      Files.delete(file);
      Files.createLink(file, other);
      held.requireCurrent("read services", "");
      assertThat(held).hasToString(file.toString());
    }
  }

  @Test
  void deletedNameIsTold() throws IOException {
    try (HeldNamespace held = held(file)) {
      Files.delete(file);
      assertThatThrownBy(() -> held.requireCurrent("add service", "TCP 192.0.2.1:80"))
          .isInstanceOf(NamespaceChangedException.class)
          .hasMessage(
              "cannot add service TCP 192.0.2.1:80 (netlink): the network namespace %s was deleted."
                  + " Nothing was changed. reopen() finds the namespace once it is recreated",
              file);
    }
  }

  @Test
  void nameThatStandsForAnotherIsTold() throws IOException {
    try (HeldNamespace held = held(file)) {
      Files.delete(file);
      Files.writeString(file, "new");
      assertThatThrownBy(() -> held.requireCurrent("read services", ""))
          .isInstanceOf(NamespaceChangedException.class)
          .hasMessage(
              "cannot read services (netlink): %s now refers to another network namespace: the one"
                  + " that was opened was deleted, and a new one created under this name. Nothing"
                  + " was changed. reopen() moves to the namespace that the name refers to now",
              file);
    }
  }

  @Test
  void processThatEndedIsNamedByItsNumber() throws Exception {
    Process process = new ProcessBuilder("sleep", "600").start();
    NetworkNamespace namespace = NetworkNamespace.ofProcess(process.pid());
    try (HeldNamespace held = HeldNamespace.open(namespace, "ipvsadm")) {
      held.requireCurrent("read services", "");
      process.destroyForcibly().waitFor();
      assertThatThrownBy(() -> held.requireCurrent("read services", ""))
          .isInstanceOf(NamespaceChangedException.class)
          .hasMessageContaining(
              "process " + process.pid() + ", which identified the network namespace, has ended");
      assertThat(held.path()).exists();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void missingNamespaceIsTold() {
    assertThatThrownBy(() -> held(folder.resolve("absent")))
        .isInstanceOf(NotFoundException.class)
        .hasMessage(
            "cannot enter the network namespace %s (netlink): there is no such network namespace"
                + " [2]. `ip netns` lists those with a name",
            folder.resolve("absent"));
    assertThatThrownBy(() -> held(file.resolve("below"))).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> HeldNamespace.open(NetworkNamespace.ofProcess(0x7fffffff), "netlink"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageEndingWith("A process has one while it runs: this one has ended");
  }

  @Test
  void descriptorsThatAreUsedUpAreNotTakenForAMissingNamespace() {
    NetworkNamespace namespace = NetworkNamespace.named("blue");
    assertThat(
            HeldNamespace.failure(
                namespace,
                "netlink",
                new FileSystemException("/run/netns/blue", null, "Too many open files")))
        .hasMessage(
            "cannot enter the network namespace /run/netns/blue (netlink): this process is out of"
                + " file descriptors [24]. Close directors and files that are not used, or raise"
                + " the process's limit (ulimit -n, LimitNOFILE= of a systemd unit)");
    assertThat(
            HeldNamespace.failure(
                namespace,
                "netlink",
                new FileSystemException("/run/netns/blue", null, "Too many open files in system")))
        .hasMessageContaining("the machine is out of file descriptors [23]")
        .hasMessageContaining("fs.file-max");
  }
}
