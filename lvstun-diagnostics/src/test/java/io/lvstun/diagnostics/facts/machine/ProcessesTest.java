// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.machine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessesTest {

  private static final String TEXT =
      """
      /proc/12/comm:keepalived
      /proc/13/comm:irqbalance
      /proc/14/comm:nginx
      lrwxrwxrwx 1 root root 0 Nov 22 16:49 /proc/12/ns/net -> net:[4026532248]
      lrwxrwxrwx 1 root root 0 Nov 22 16:49 /proc/13/ns/net -> net:[4026531840]
      """;

  @Test
  void processesOfOtherNamespacesAreNotTheHosts() {
    assertThat(Processes.parse(TEXT, "net:[4026532248]"))
        .containsExactlyInAnyOrder("keepalived", "nginx");
    assertThat(Processes.parse(TEXT, "net:[4026531840]"))
        .containsExactlyInAnyOrder("irqbalance", "nginx");
  }

  @Test
  void hostThatDoesNotTellItsNamespaceHasThemAll() {
    assertThat(Processes.parse(TEXT, ""))
        .containsExactlyInAnyOrder("keepalived", "irqbalance", "nginx");
  }

  @Test
  void linesOfNoProcessAreLeftOut() {
    assertThat(
            Processes.parse(
                "/proc/x/comm:a\n/proc/99999999999/comm:b\n/proc/1/comm\nls: cannot read\n", ""))
        .isEmpty();
  }
}
