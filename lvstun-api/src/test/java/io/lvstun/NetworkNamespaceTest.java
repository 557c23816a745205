// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NetworkNamespaceTest {

  @Test
  void namesAndProcessesAreFiles() {
    assertThat(NetworkNamespace.named("director").path()).isEqualTo(Path.of("/run/netns/director"));
    assertThat(NetworkNamespace.ofProcess(4711).path()).isEqualTo(Path.of("/proc/4711/ns/net"));
    assertThat(new NetworkNamespace(Path.of("/run/docker/netns/x")))
        .hasToString(Path.of("/run/docker/netns/x").toString());
    assertThat(NetworkNamespace.named("a")).isEqualTo(NetworkNamespace.named("a"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a/b", "..", ".", ".hidden", "-a", "--all", "a\nb", "a\u0000"})
  void nameThatCouldNotBeOneIsRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NetworkNamespace.named(name))
        .withMessageStartingWith("network namespace must ");
  }

  @Test
  void longestNameHas255Characters() {
    assertThat(NetworkNamespace.named("n".repeat(255)).path().getFileName().toString())
        .hasSize(255);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NetworkNamespace.named("n".repeat(256)))
        .withMessageStartingWith("network namespace must be 1 to 255 printable");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, 2147483648L})
  void processIdIsChecked(long pid) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NetworkNamespace.ofProcess(pid))
        .withMessage("process id must be 1 to 2147483647, not " + pid);
  }
}
