// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceCommandTest {

  @ParameterizedTest
  @CsvSource({
    "--host ssh://-l@x, --host: ",
    "--count 0, --count",
    "--count x, --count",
    "--duration 0s, --duration",
    "--duration 25h, --duration",
    "--vip www.example.org, --vip: ",
    "--gue-port 0, --gue-port",
    "--gue-port 65536, --gue-port",
    "--connect-timeout 0s, --connect-timeout"
  })
  void whatMakesNoSenseIsRefusedByTheOptionsName(String arguments, String message) {
    String[] words = arguments.split(" ");
    Runner.refused(message, "trace", words[0], words[1]);
  }
}
