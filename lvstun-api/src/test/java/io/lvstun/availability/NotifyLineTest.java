// SPDX-License-Identifier: Apache-2.0
package io.lvstun.availability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NotifyLineTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "INSTANCE \"VI_1\" MASTER 100, MASTER",
        "INSTANCE \"VI_1\" BACKUP 90, BACKUP",
        "INSTANCE \"VI_1\" FAULT 0, FAULT",
        "INSTANCE \"VI_1\" STOP 100, STOPPED",
        "INSTANCE \"VI_1\" DELETED 100, STOPPED",
        "INSTANCE \"VI_1\" MASTER_RX_LOWER_PRI 100,",
        "INSTANCE \"VI_1\" MASTER_PRIORITY 100,",
        "INSTANCE \"VI_1\" BACKUP_PRIORITY 90,",
      })
  void anInstanceHasARole(String line, VrrpRole role) {
    NotifyLine read = NotifyLine.parse(line).orElseThrow();
    assertThat(read.group()).isFalse();
    assertThat(read.name()).isEqualTo("VI_1");
    assertThat(read.role()).isEqualTo(Optional.ofNullable(role));
    assertThat(read.priority()).isPresent();
  }

  @Test
  void aGroupHasARoleAndANameOfAnyCharacters() {
    assertThat(NotifyLine.parse("GROUP \"a \"quoted\" name\" MASTER 0"))
        .contains(
            new NotifyLine(
                true, "a \"quoted\" name", Optional.of(VrrpRole.MASTER), OptionalInt.of(0)));
    assertThat(NotifyLine.parse("GROUP \"G\" BACKUP").orElseThrow().priority()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "VS [192.0.2.1]:tcp:80 UP",
        "RS [198.51.100.1]:tcp:80 [192.0.2.1]:tcp:80 DOWN",
      })
  void linesOfTheCheckersAreNotRoles(String line) {
    assertThat(NotifyLine.parse(line)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "INSTANCE",
        "INSTANCE VI_1 MASTER 100",
        "INSTANCE \"\" MASTER 100",
        "INSTANCE \"VI_1 MASTER 100",
        "INSTANCE x\"VI_1\" MASTER 100",
        "INSTANCE \"VI_1\"",
        "INSTANCE \"VI_1\" master 100",
        "INSTANCE \"VI_1\" MASTER -1",
        "INSTANCE \"VI_1\" MASTER 256",
        "INSTANCE \"VI_1\" MASTER 99999999999",
        "INSTANCE \"VI_1\" MASTER ١",
        "INSTANCE \"VI_1\" MASTER 100 now",
        "instance \"VI_1\" MASTER 100",
        "rm -rf /",
        "\u0000\u001b[2J",
      })
  void whatKeepalivedDoesNotWriteIsRefused(String line) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NotifyLine.parse(line))
        .withMessageStartingWith("it");
  }
}
