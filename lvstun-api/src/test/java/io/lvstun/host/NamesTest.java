// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lvstun.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {

  @ParameterizedTest
  @ValueSource(strings = {"lo", "eth0.100", "_x", "a", "veth@2", "wg-home", "0123456789abcde"})
  void devicesOfLinuxAreTaken(String device) {
    assertThatCode(() -> Names.requireDevice(device)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "..", "-x", "a b", "eth0;reboot", "a\nb", "0123456789abcdef", "a/b", "é"})
  void whatNoDeviceCanBeCalledIsRefused(String device) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Names.requireDevice(device))
        .withMessageStartingWith("device must ");
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 65_536})
  void portsOutOfRangeAreRefused(int port) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Names.requirePort(port))
        .withMessage("port must be 1 to 65535, not " + port);
  }

  @ParameterizedTest
  @CsvSource({"192.0.2.1, 33, 32", "192.0.2.1, -1, 32", "2001:db8::1, 129, 128"})
  void prefixFitsTheFamily(String address, int length, int most) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Names.requirePrefix(IpAddress.parse(address), length))
        .withMessage("prefixLength must be 0 to " + most + ", not " + length);
    assertThatCode(() -> Names.requirePrefix(IpAddress.parse(address), most))
        .doesNotThrowAnyException();
    assertThatCode(() -> Names.requirePrefix(IpAddress.parse(address), 0))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "etc/x",
        "/etc/../x",
        "/etc/..",
        "/etc/./x",
        "/etc/.",
        "/etc//x",
        "/etc/x/",
        "/etc/x\ny",
        "/etc/\0",
        "/é"
      })
  void pathsThatAreNotPlainAreRefused(String path) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Names.requirePath("path", path))
        .withMessageStartingWith("path must ")
        .withMessageNotContaining("\n");
  }

  @Test
  void lengthOfAFilesNameIsThatOfItsLastPart() {
    String longest = "n".repeat(199);
    assertThatCode(() -> Names.requirePath("path", "/etc/" + longest)).doesNotThrowAnyException();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Names.requirePath("path", "/etc/n" + longest));
    assertThatCode(() -> Names.requirePath("path", "/etc/..x/a..b/...")).doesNotThrowAnyException();
  }
}
