// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.DriverOptions;
import io.lvstun.NetworkNamespace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamespaceHostTest {

  @Test
  void namespaceThatIsNotThereIsAnException() {
    assertThatThrownBy(() -> Host.netns("lvstun-none").run(HostCommand.of("true")))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("netns:lvstun-none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-n", ".", "..", "../x", "a/b", "a b", "a\nb", "$(id)", "é"})
  void namesThatLeadElsewhereAreRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NamespaceHost(name))
        .withMessageStartingWith("namespace must be a name as of ip netns, not ")
        .withMessageNotContaining("\n");
  }

  @Test
  void longestNameHas255Characters() {
    assertThat(new NamespaceHost("n".repeat(255)).label()).hasSize(255);
    assertThatIllegalArgumentException().isThrownBy(() -> new NamespaceHost("n".repeat(256)));
  }

  @Test
  void hostsOfOneNamespaceAreEqual() {
    assertThat(new NamespaceHost("rs1"))
        .isEqualTo(Host.parse("netns:rs1"))
        .hasSameHashCodeAs(Host.netns("rs1"))
        .isNotEqualTo(new NamespaceHost("rs2"))
        .isNotEqualTo(Host.local())
        .hasToString("netns:rs1");
  }

  @Test
  void driverWorksInTheSameNamespace() {
    DriverOptions options = new NamespaceHost("rs1").driverOptions().orElseThrow();
    assertThat(options.namespace()).contains(NetworkNamespace.named("rs1"));
    assertThat(options.deadline()).isEqualTo(DriverOptions.DEFAULT_DEADLINE);
  }
}
