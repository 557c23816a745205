// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The ground that all lab tests stand on: a guest, the kernel that was asked for, IPVS in it. */
class LabSmokeLabIT {

  @Test
  void runsInGuestWithTheKernelThatWasAskedFor() {
    assertThat(Lab.here()).isTrue();
    // A series (6.1) or a package (6.1.0-47); uname says 6.1.0-47-amd64.
    assertThat(Lab.kernelRelease())
        .matches(Pattern.quote(System.getenv("LVSTUN_LAB_KERNEL")) + "[.-].*");
  }

  @Test
  void kernelHasIpvs() throws Exception {
    Commands.run(List.of("modprobe", "ip_vs"), "", Duration.ofSeconds(30)).orThrow();

    assertThat(Files.readString(Path.of("/proc/net/ip_vs")))
        .startsWith("IP Virtual Server version");
  }

  @Test
  void reportsFolderIsTheHosts() throws Exception {
    Path share = Path.of("").toAbsolutePath();

    assertThat(Files.getFileStore(share).type()).isEqualTo("9p");
    assertThat(Files.isWritable(share)).isTrue();
  }
}
