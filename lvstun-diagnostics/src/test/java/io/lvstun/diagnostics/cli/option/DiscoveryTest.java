// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.cluster.Role;
import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.host.CommandResult;
import io.lvstun.host.Host;
import io.lvstun.host.HostCommand;
import io.lvstun.host.SshOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DiscoveryTest {

  /** A host that prints what a recorded one did. */
  private record Recording(String specification, String name) implements Host {

    @Override
    public String label() {
      return "director";
    }

    @Override
    public CommandResult run(HostCommand command) {
      String output = Recorded.output(name).replace("MARK", command.arguments().get(4));
      return new CommandResult(0, output, "", false, false, Duration.ZERO);
    }
  }

  private static Topology discovered(@Nullable String user, Host director) {
    Topology.Builder builder = Topology.builder().director("lb", director);
    Discovery.of(user, SshOptions.DEFAULTS, Duration.ofSeconds(1)).addTo(builder);
    return builder.build();
  }

  @Test
  void realServersAreThoseOfTheTable() {
    Topology topology = discovered(null, new Recording("netns:director", "json-director"));
    assertThat(topology.nodes(Role.REAL_SERVER))
        .extracting(node -> node.host().specification())
        .contains("ssh://192.168.1.101", "ssh://192.168.1.102")
        .doesNotHaveDuplicates();
    assertThat(topology.nodes(Role.REAL_SERVER))
        .allSatisfy(node -> assertThat(node.addresses()).hasSize(1));
    assertThat(topology.nodes(Role.DIRECTOR)).hasSize(1);
  }

  @Test
  void userIsTheOneThatIsNamedOrThatOfTheDirector() {
    assertThat(discovered(null, new Recording("ssh://admin@lb1:2222", "json-director")).nodes())
        .extracting(node -> node.host().specification())
        .contains("ssh://admin@192.168.1.101");
    assertThat(discovered("root", new Recording("ssh://admin@lb1", "json-director")).nodes())
        .extracting(node -> node.host().specification())
        .contains("ssh://root@192.168.1.101")
        .doesNotContain("ssh://admin@192.168.1.101");
  }

  @Test
  void directorThatDoesNotAnswerNamesNobody() {
    Host dead =
        new Host() {
          @Override
          public String specification() {
            return "netns:dead";
          }

          @Override
          public String label() {
            return "dead";
          }

          @Override
          public CommandResult run(HostCommand command) {
            return new CommandResult(255, "", "no route to host", false, false, Duration.ZERO);
          }
        };
    assertThat(discovered(null, dead).nodes()).hasSize(1);
  }
}
