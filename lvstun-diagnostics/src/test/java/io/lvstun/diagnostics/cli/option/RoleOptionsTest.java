// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.cluster.Role;
import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.repair.Preparation;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class RoleOptionsTest {

  private static RoleOptions parse(String... arguments) {
    return Mixee.parse(new RoleOptions(), arguments);
  }

  private static List<Role> roles(RoleOptions options) {
    Topology topology = options.topology(InputStream.nullInputStream());
    return options.preparations(topology).stream().map(Preparation::role).toList();
  }

  @Test
  void realServersComeBeforeDirectors() {
    assertThat(roles(parse("-d", "local", "-r", "netns:a", "-r", "netns:b", "-s", "192.0.2.1")))
        .containsExactly(Role.REAL_SERVER, Role.REAL_SERVER, Role.DIRECTOR);
  }

  @Test
  void roleLeavesTheOthersAlone() {
    assertThat(roles(parse("director", "-d", "local", "-r", "netns:a")))
        .containsExactly(Role.DIRECTOR);
    assertThat(roles(parse("real-server", "-d", "local", "-r", "netns:a")))
        .containsExactly(Role.REAL_SERVER);
  }

  @Test
  void thisHostIsMeantIfNoneIsNamed() {
    assertThat(roles(parse("director"))).containsExactly(Role.DIRECTOR);
    assertThat(roles(parse("real-server"))).containsExactly(Role.REAL_SERVER);
    assertThat(parse().role()).isNull();
  }

  @Test
  void roleThatIsNoneOrHasNoHostIsRefused() {
    assertThatThrownBy(() -> parse("Director").role())
        .isInstanceOf(CommandLine.ParameterException.class)
        .hasMessage("ROLE must be director or real-server, not Director");
    assertThatThrownBy(() -> roles(parse("director", "-r", "netns:a")))
        .isInstanceOf(CommandLine.ParameterException.class)
        .hasMessageContaining("no host of this role");
    assertThatThrownBy(() -> roles(parse()))
        .isInstanceOf(CommandLine.ParameterException.class)
        .hasMessageContaining("a host is missing");
  }

  @Test
  void addressThatNoClientReachesIsRefused() {
    assertThatThrownBy(() -> roles(parse("director", "-s", "127.0.0.1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("clients can reach");
  }
}
