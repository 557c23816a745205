// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ArgumentsTest {

  @Test
  void argumentsArriveAsTheyAre() {
    for (String argument : new String[] {"", " a  b\n", "\n\n", "'$(id)\" *", "ä\t"}) {
      CommandResult result = Host.local().run(HostCommand.of("printf", "<%s>", argument));
      assertThat(result.output()).isEqualTo("<" + argument + ">");
    }
  }
}
