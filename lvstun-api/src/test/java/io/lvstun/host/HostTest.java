// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "local",
        "netns:rs1",
        "ssh://root@rs1",
        "ssh://root@rs1:2222",
        "ssh://rs1",
        "ssh://u@[2001:db8::1]:22",
        "ssh://root@192.0.2.1"
      })
  void specificationsAreReadBack(String specification) {
    assertThat(Host.parse(specification).specification()).isEqualTo(specification);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "rs1",
        "-oProxyCommand=touch x",
        "ssh://-oProxyCommand=x",
        "root@-oProxyCommand=x",
        "-l@host",
        "ssh://root@rs1;id",
        "ssh://root@rs1 -v",
        "ssh://root@$(id)",
        "ssh://root@rs1:0",
        "ssh://root@rs1:65536",
        "ssh://root@rs1/path",
        "netns:",
        "netns:-n",
        "netns:../x",
        "netns:a b",
        "netns:..",
        "netns:a/b",
        "ssh://root@rs1\nx",
        "local ",
        "docker:x"
      })
  void whatLooksLikeAnOptionOrIsNoHostIsRefused(String specification) {
    assertThatThrownBy(() -> Host.parse(specification))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("\n");
  }

  @Test
  void filesAreReadOrTheReasonIsGiven(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("f"), "content\n");
    assertThat(Host.local().readFile(file.toString())).isEqualTo("content\n");
    assertThatThrownBy(() -> Host.local().readFile(directory + "/none"))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("No such file");
    assertThatThrownBy(() -> Host.local().readFile("relative"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
