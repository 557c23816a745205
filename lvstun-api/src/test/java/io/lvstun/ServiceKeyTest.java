// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of services and real servers, and what they are made of. */
final class ServiceKeyTest {

  @Test
  void keysAreTheLinesOfIpvsadm() {
    assertThat(ServiceKey.tcp("192.0.2.1", 80)).hasToString("TCP 192.0.2.1:80");
    assertThat(ServiceKey.udp("2001:DB8:0::1", 53)).hasToString("UDP [2001:db8::1]:53");
    assertThat(ServiceKey.sctp("192.0.2.1", 0)).hasToString("SCTP 192.0.2.1:0");
    assertThat(ServiceKey.fwmark(7)).hasToString("FWM 7");
    assertThat(ServiceKey.fwmark6(4294967295L)).hasToString("FWM 4294967295 IPv6");
    assertThat(ServerKey.of("2001:db8::1", 80)).hasToString("[2001:db8::1]:80");
  }

  @Test
  void familyIsThatOfTheAddressOrMark() {
    assertThat(ServiceKey.tcp("192.0.2.1", 80).family()).isEqualTo(AddressFamily.IPV4);
    assertThat(ServiceKey.tcp("2001:db8::1", 80).family()).isEqualTo(AddressFamily.IPV6);
    assertThat(ServiceKey.fwmark(1).family()).isEqualTo(AddressFamily.IPV4);
    assertThat(ServiceKey.fwmark6(1).family()).isEqualTo(AddressFamily.IPV6);
  }

  @Test
  void everyPartCountsInEquality() {
    assertThat(
            Set.of(
                ServiceKey.tcp("192.0.2.1", 80),
                ServiceKey.tcp("192.0.2.1", 81),
                ServiceKey.tcp("192.0.2.2", 80),
                ServiceKey.udp("192.0.2.1", 80),
                ServiceKey.sctp("192.0.2.1", 80),
                ServiceKey.tcp("2001:db8::1", 80),
                ServiceKey.fwmark(80),
                ServiceKey.fwmark6(80)))
        .hasSize(8);
    assertThat(ServiceKey.tcp("192.0.2.1", 80))
        .isEqualTo(new ServiceKey.Endpoint(Protocol.of(6), IpAddress.parse("192.0.2.1"), 80));
    assertThat(ServiceKey.tcp("2001:db8::1", 80)).isEqualTo(ServiceKey.tcp("2001:DB8:0:0::1", 80));
    assertThat(ServerKey.of("192.0.2.1", 1)).isNotEqualTo(ServerKey.of("192.0.2.1", 2));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65536})
  void portsAreChecked(int port) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServiceKey.tcp("192.0.2.1", port))
        .withMessage("port must be 0 to 65535, not " + port);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServerKey.of("192.0.2.1", port))
        .withMessage("port must be 0 to 65535, not " + port);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 4294967296L})
  void marksAreChecked(long mark) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServiceKey.fwmark(mark))
        .withMessage("mark must be 1 to 4294967295, not " + mark);
  }

  @Test
  void hostNamesAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServiceKey.udp("dns", 53))
        .withMessageContaining("\"dns\"");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServerKey.of("rs1", 53))
        .withMessageContaining("\"rs1\"");
  }
}
