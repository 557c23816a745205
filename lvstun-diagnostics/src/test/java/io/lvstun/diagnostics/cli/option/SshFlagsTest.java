// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.host.SshOptions;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class SshFlagsTest {

  private static SshFlags parse(String... arguments) {
    return Mixee.parse(new SshFlags(), arguments);
  }

  @Test
  void flagsBecomeOptionsOfSsh() {
    SshOptions options =
        parse("--ssh-config", "/a/config", "--ssh-identity", "/a/key", "--connect-timeout", "3s")
            .options();
    assertThat(options)
        .isEqualTo(
            SshOptions.DEFAULTS
                .connectTimeout(Duration.ofSeconds(3))
                .configuration(Path.of("/a/config"))
                .identity(Path.of("/a/key")));
    assertThat(parse().options())
        .isEqualTo(SshOptions.DEFAULTS.connectTimeout(Duration.ofSeconds(10)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0s", "999ms", "11m"})
  void connectTimeoutOutOfRangeIsRefusedByItsName(String time) {
    assertThatThrownBy(() -> parse("--connect-timeout", time).options())
        .isInstanceOf(CommandLine.ParameterException.class)
        .hasMessageStartingWith("--connect-timeout ");
  }

  @Test
  void hostThatIsNoneIsRefusedByTheOptionsName() {
    assertThatThrownBy(() -> parse().host("--director", "ssh://-oProxyCommand=id"))
        .isInstanceOf(CommandLine.ParameterException.class)
        .hasMessageStartingWith("--director: ");
    assertThat(parse().host("--director", "netns:blue").specification()).isEqualTo("netns:blue");
  }
}
