// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair.persist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurabilityTest {

  @Test
  void defaultIsTheHostsOwnEtc() {
    assertThat(Durability.ofHost().wanted()).isTrue();
    assertThat(Durability.ofHost().rootFor("rs1")).isEmpty();
    assertThat(Durability.ofHost()).hasToString("/etc");
    assertThat(Durability.none().wanted()).isFalse();
    assertThat(Durability.none()).hasToString("nothing lasts");
  }

  @Test
  void hostsNameInTheRootIsMadeHarmless() {
    Durability durability = Durability.ofHost().root("/srv/{host}/root///");
    assertThat(durability.rootFor("rs1")).contains("/srv/rs1/root");
    assertThat(durability.rootFor("../../etc; reboot")).contains("/srv/__.._etc__reboot/root");
    assertThat(durability).hasToString("/srv/{host}/root/etc");
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "."})
  void hostNamedLikeAParentFolderStaysBelowTheRoot(String name) {
    assertThat(Durability.ofHost().root("/srv/{host}").rootFor(name).orElseThrow())
        .isNotEqualTo("/srv/" + name)
        .startsWith("/srv/");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "srv", "/a/../b", "/..", "/a/..", "/a b", "-x", "/$(id)", "/a\nb", "/{hosts}"})
  void rootThatIsNoPlainAbsolutePathIsRefused(String root) {
    assertThatThrownBy(() -> Durability.ofHost().root(root))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("root must be an absolute, plain path of a folder");
  }

  @Test
  void copiesKeepWhatWasSet() {
    Durability durability = Durability.ofHost().network(NetworkConfiguration.IFUPDOWN).root("/srv");
    assertThat(durability.network()).contains(NetworkConfiguration.IFUPDOWN);
    assertThat(durability.rootFor("x")).contains("/srv");
    assertThat(Durability.ofHost().network()).isEmpty();
  }
}
