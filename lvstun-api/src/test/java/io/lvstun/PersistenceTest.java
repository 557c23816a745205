// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static io.lvstun.AddressFamily.IPV4;
import static io.lvstun.AddressFamily.IPV6;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PersistenceTest {

  private static final Persistence HOUR = Persistence.of(Duration.ofHours(1));

  @Test
  void defaultsAreWholeAddressAndNoEngine() {
    assertThat(HOUR.timeout()).isEqualTo(Duration.ofHours(1));
    assertThat(HOUR.engine()).isEmpty();
    assertThat(HOUR.mask(IPV4)).isEqualTo(-1);
    assertThat(HOUR.mask(IPV6)).isEqualTo(128);
    assertThat(HOUR.maskText(IPV4)).isEmpty();
    assertThat(HOUR.maskText(IPV6)).isEmpty();
    assertThat(Persistence.DEFAULT_TIMEOUT).isEqualTo(Duration.ofMinutes(6));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "PT0.5S", "PT1.000000001S", "PT744H1S", "P4000D"})
  void timeoutIsWholeSecondsOfAMonthAtMost(Duration timeout) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Persistence.of(timeout))
        .withMessage(
            "persistence timeout must be 1 second to 31 days in whole seconds, not " + timeout);
  }

  @Test
  void longestTimeoutIs31Days() {
    assertThat(Persistence.of(Duration.ofDays(31)).timeout()).isEqualTo(Duration.ofDays(31));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.0.0.0, 0",
    "1, 128.0.0.0, 0x80000000",
    "24, 255.255.255.0, 0xffffff00",
    "31, 255.255.255.254, 0xfffffffe",
  })
  void prefixLengthIsANetmask(int length, String mask, String bits) {
    Persistence prefix = HOUR.prefixLength(length);
    assertThat(prefix.mask(IPV4)).isEqualTo(Long.decode(bits).intValue());
    assertThat(prefix.maskText(IPV4)).contains(mask);
    assertThat(HOUR.netmask(mask).mask(IPV4)).isEqualTo(prefix.mask(IPV4));
    assertThat(HOUR.netmask(mask).forFamily(IPV4)).isEqualTo(prefix.forFamily(IPV4));
  }

  @Test
  void prefixLengthOfIpv6IsItself() {
    assertThat(HOUR.prefixLength(64).mask(IPV6)).isEqualTo(64);
    assertThat(HOUR.prefixLength(64).maskText(IPV6)).contains("64");
  }

  @Test
  void netmaskNeedNotBeContiguous() {
    Persistence odd = HOUR.netmask("255.0.255.1");
    assertThat(odd.mask(IPV4)).isEqualTo(0xff00ff01);
    assertThat(odd.maskText(IPV4)).contains("255.0.255.1");
    assertThat(odd).hasToString("persistent 3600 mask 255.0.255.1");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 129})
  void prefixLengthIsChecked(int length) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HOUR.prefixLength(length))
        .withMessage("prefix length must be 0 to 128, not " + length);
  }

  @Test
  void netmaskIsAnIpv4Literal() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HOUR.netmask("ffff::"))
        .withMessage("netmask must be an IPv4 mask such as 255.255.255.0, not \"ffff::\"");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HOUR.netmask("24"))
        .withMessageContaining("\"24\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "s p", "sixteen-letters-", "sip\n", "../sip", "sïp"})
  void engineNameIsChecked(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HOUR.engine(name))
        .withMessageStartingWith(
            "persistence engine must be 1 to 15 printable ASCII characters without spaces or '/',"
                + " not \"");
  }

  @Test
  void orderOfOptionsDoesNotMatter() {
    assertThat(HOUR.engine("sip").prefixLength(24))
        .isEqualTo(HOUR.prefixLength(24).engine("sip"))
        .hasSameHashCodeAs(HOUR.prefixLength(24).engine("sip"));
    assertThat(HOUR.engine("sip").netmask("255.0.0.255"))
        .isEqualTo(HOUR.netmask("255.0.0.255").engine("sip"));
  }

  @Test
  void laterMaskReplacesAnEarlierOne() {
    assertThat(HOUR.netmask("255.0.0.255").prefixLength(8)).isEqualTo(HOUR.prefixLength(8));
    assertThat(HOUR.prefixLength(8).netmask("255.0.0.255")).isEqualTo(HOUR.netmask("255.0.0.255"));
  }

  @Test
  void everyOptionCountsInEquality() {
    assertThat(HOUR)
        .isEqualTo(Persistence.of(Duration.ofSeconds(3600)))
        .isNotEqualTo(Persistence.of(Duration.ofSeconds(3601)))
        .isNotEqualTo(HOUR.prefixLength(24))
        .isNotEqualTo(HOUR.netmask("255.0.0.255"))
        .isNotEqualTo(HOUR.engine("sip"))
        .isNotEqualTo(null);
  }

  @Test
  void observedMasksEqualWantedOnes() {
    assertThat(Persistence.observed(3600, IPV4, -1, null)).isEqualTo(HOUR);
    assertThat(Persistence.observed(3600, IPV6, 128, null)).isEqualTo(HOUR);
    assertThat(Persistence.observed(3600, IPV4, 0, null)).isEqualTo(HOUR.prefixLength(0));
    assertThat(Persistence.observed(3600, IPV4, 0xffffff00, "sip"))
        .isEqualTo(HOUR.prefixLength(24).engine("sip"));
    assertThat(Persistence.observed(3600, IPV4, 0xff0000ff, null))
        .isEqualTo(HOUR.netmask("255.0.0.255"));
    assertThat(Persistence.observed(3600, IPV6, 64, null)).isEqualTo(HOUR.prefixLength(64));
  }

  @Test
  void observedTimeoutHas32Bits() {
    assertThat(Persistence.observed(0, IPV4, -1, null).timeout()).isZero();
    assertThat(Persistence.observed(4294967295L, IPV4, -1, null).timeout())
        .isEqualTo(Duration.ofSeconds(4294967295L));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Persistence.observed(4294967296L, IPV4, -1, null))
        .withMessage("persistence timeout must be 0 to 4294967295, not 4294967296");
  }

  @Test
  void maskOfAnIpv6PrefixIsWholeForIpv4() {
    assertThat(HOUR.prefixLength(64).mask(IPV4)).isEqualTo(-1);
  }

  @Test
  void toStringIsLikeIpvsadm() {
    assertThat(HOUR).hasToString("persistent 3600");
    assertThat(HOUR.netmask("255.255.255.0").engine("sip"))
        .hasToString("persistent 3600 mask 255.255.255.0 pe sip");
    assertThat(HOUR.prefixLength(24)).hasToString("persistent 3600 mask /24");
  }
}
