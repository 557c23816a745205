// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules written for another ipvsadm. */
final class DialectTest {

  private static RulesSyntaxException error(String text) {
    return catchThrowableOfType(RulesSyntaxException.class, () -> Rules.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "-a -t 10.0.0.1:80 -r 10.0.0.2:80 -b -w 100, 34",
    "-e -t 10.0.0.1:80 -r 10.0.0.2:80 -w 100 -b, 41",
    "-a -t 10.0.0.1:80 -r 10.0.0.2:80 -b, 34",
  })
  void fullNatIsNamed(String text, int column) {
    RulesSyntaxException error = error(text);
    assertThat(error.getMessage()).contains("-b");
    if (!text.endsWith("-b")) {
      assertThat(error.column()).isEqualTo(column);
      assertThat(error.found()).isEqualTo("-b");
      assertThat(error.expected()).contains("-b is FullNAT").contains("DPVS");
    }
  }

  @Test
  void schedulerFlagsKeepTheirMeaning() {
    assertThat(Rules.parse("-A -t 10.0.0.1:80 -s sh -b sh-port")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "-P -z 10.0.0.9 -t 10.0.0.1:80 -F eth0, -P (--add-laddr), 2",
    "-A -t 10.0.0.1:80 -s rr -j enable, -j (--synproxy), 26",
    "--add-laddr -t 10.0.0.1:80, --add-laddr, 1",
    "-a -t 10.0.0.1:80 -r 10.0.0.2:80 --fullnat, --fullnat, 34",
  })
  void optionsOfOtherProgramsAreNamed(String text, String option, int column) {
    RulesSyntaxException error = error(text);
    assertThat(error.column()).isEqualTo(column);
    assertThat(error.expected())
        .isEqualTo(
            "an option of ipvsadm: "
                + option
                + " is an option of the ipvsadm of DPVS and Alibaba's LVS,"
                + " not of the kernel's IPVS");
  }

  @Test
  void optionOfNobodyIsJustUnknown() {
    assertThat(error("--nonsense").expected()).isEqualTo("an option of ipvsadm");
    assertThat(error("-A -t 10.0.0.1:80 -K").expected())
        .isEqualTo("the letter of an option of ipvsadm");
  }
}
