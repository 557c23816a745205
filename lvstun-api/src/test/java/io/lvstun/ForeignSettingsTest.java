// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ForeignSettingsTest {

  @Test
  void ordinaryServiceHasNone() {
    assertThat(ForeignSettings.observed(AddressFamily.IPV4, 0, 0, -1, "")).isEmpty();
    assertThat(ForeignSettings.observed(AddressFamily.IPV6, 0, 0, 128, "")).isEmpty();
    assertThat(ForeignSettings.observed(AddressFamily.IPV4, 0x3f, 300, 0xffffff00, "sip"))
        .as("time-out, mask and engine of a persistent service have a name of their own")
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "IPV4, 0x40, 0, 0xffffffff, '', flags 0x40",
    "IPV4, 0, 300, 0xffffffff, '', timeout 300",
    "IPV4, 0, 4294967295, 0xffffff00, sip, timeout 4294967295 mask 0xffffff00 pe sip",
    "IPV6, 0x80000000, 0, 64, '', flags 0x80000000 mask /64",
    "IPV4, 0, 0, 0, '', mask 0x00000000",
    "IPV4, 0x41, 300, 0xffffff00, sip, flags 0x40"
  })
  void whatNoOptionNamesIsKeptAndShown(
      AddressFamily family, String flags, long timeout, String mask, String engine, String text) {
    assertThat(
            ForeignSettings.observed(
                family,
                Long.decode(flags).intValue(),
                timeout,
                Long.decode(mask).intValue(),
                engine))
        .hasValueSatisfying(settings -> assertThat(settings).hasToString(text));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8, 16, 32, 0x41})
  void flagsThatHaveANameAreSetByIt(int flags) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ForeignSettings(flags, 0, -1, ""))
        .withMessageStartingWith("flag bits must be without a name, not 0x");
  }

  @Test
  void flagsOutliveAnEditThatMakesTheServicePersistent() {
    ForeignSettings settings = new ForeignSettings(0x40, 300, 0, "sip");
    assertThat(ForeignSettings.flagsOf(settings, AddressFamily.IPV6))
        .isEqualTo(new ForeignSettings(0x40, 0, 128, ""));
    assertThat(ForeignSettings.flagsOf(new ForeignSettings(0, 300, 0, ""), AddressFamily.IPV4))
        .isNull();
    assertThat(ForeignSettings.flagsOf(null, AddressFamily.IPV4)).isNull();
  }
}
