// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.drivers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where JNA cannot unpack its library: what the netlink driver says, and that its advice works. */
final class NativeLibraryLabIT {

  private static final String HINT =
      "Name a folder that is writable and not mounted noexec with -Djna.tmpdir=FOLDER; or unpack"
          + " com/sun/jna/linux-*/libjnidispatch.so from jna.jar beforehand and name its folder"
          + " with -Djna.boot.library.path=FOLDER";

  private final DirectorNamespace namespace = new DirectorNamespace();
  private final ProbeProcess probe = new ProbeProcess();
  private final List<String> mounts = new ArrayList<>();

  @AfterEach
  void cleanUp() {
    for (String folder : mounts) {
      DirectorNamespace.host("umount", folder);
      DirectorNamespace.host("rmdir", folder);
    }
    probe.delete();
    namespace.close();
  }

  private String folder(String mountOptions) {
    String folder = DirectorNamespace.host("mktemp", "-d", "/tmp/unpack.XXXXXX").strip();
    DirectorNamespace.host("mount", "-t", "tmpfs", "-o", mountOptions, "tmpfs", folder);
    mounts.add(folder);
    return folder;
  }

  /** Runs the driver with XDG_CACHE_HOME and JVM options; returns the line about the outcome. */
  private String tryDriver(String cache, String... options) {
    String output =
        namespace.run(
            probe.command(List.of("env", "XDG_CACHE_HOME=" + cache), List.of(options), "netlink"));
    return output.lines().reduce("", (before, line) -> line);
  }

  private void assertWorks(String outcome) {
    assertThat(outcome).startsWith("added, read 1 services");
    assertThat(namespace.run("ipvsadm", "-Sn")).isEqualTo("-A -f 4711 -s wlc\n");
  }

  @Test
  void chosenFolderThatIsNoexecIsNamedAndTheOtherWaysWork() {
    String noexec = folder("noexec");
    assertThat(tryDriver("", "-Djna.tmpdir=" + noexec))
        .isEqualTo(
            "LvsException: cannot open the driver (netlink): JNA unpacked its library into "
                + noexec
                + ", which must not be mounted noexec: failed to map segment from shared object. "
                + HINT);
    assertWorks(tryDriver("", "-Djna.tmpdir=" + folder("exec")));
    namespace.run("ipvsadm", "-C");
    String unpacked = folder("exec");
    DirectorNamespace.host(
        "unzip",
        "-jqo",
        probe.jnaJar(),
        "com/sun/jna/linux-x86-64/libjnidispatch.so",
        "-d",
        unpacked);
    assertWorks(
        tryDriver(noexec, "-Djava.io.tmpdir=" + noexec, "-Djna.boot.library.path=" + unpacked));
  }

  /** JNA prefers the cache of the user to the folder for temporary files. */
  @Test
  void cacheThatIsNoexecIsNamedThoughTheTemporaryFolderIsNot() {
    String noexec = folder("noexec");
    assertThat(tryDriver(noexec, "-Djava.io.tmpdir=" + folder("exec")))
        .isEqualTo(
            "LvsException: cannot open the driver (netlink): JNA unpacked its library into "
                + noexec
                + "/JNA/temp, which must not be mounted noexec: failed to map segment from shared"
                + " object. "
                + HINT);
  }

  @Test
  void cacheThatIsReadOnlyMakesWayForTheTemporaryFolder() {
    String readOnly = folder("ro");
    assertWorks(tryDriver(readOnly, "-Djava.io.tmpdir=" + folder("exec")));
    assertThat(tryDriver(readOnly, "-Djava.io.tmpdir=" + readOnly))
        .isEqualTo(readOnlyMessage(readOnly));
  }

  @Test
  void chosenFolderThatIsReadOnlyIsNamed() {
    String readOnly = folder("ro");
    assertThat(tryDriver("", "-Djna.tmpdir=" + readOnly)).isEqualTo(readOnlyMessage(readOnly));
  }

  private static String readOnlyMessage(String folder) {
    return "LvsException: cannot open the driver (netlink): JNA cannot unpack its library into "
        + folder
        + ": JNA temporary directory '"
        + folder
        + "' is not writable. "
        + HINT;
  }

  @Test
  void folderThatIsFullIsNamed() {
    String full = folder("size=4k");
    assertThat(tryDriver("", "-Djna.tmpdir=" + full))
        .isEqualTo(
            "LvsException: cannot open the driver (netlink): JNA cannot unpack its library into "
                + full
                + ": No space left on device. "
                + HINT);
  }
}
