// SPDX-License-Identifier: Apache-2.0
package io.lvstun.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lvstun.IpAddress;
import io.lvstun.Protocol;
import io.lvstun.ServiceKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceTextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tcp:192.0.2.1:80",
        "udp:192.0.2.1:53",
        "sctp:[2001:db8::1]:0",
        "fwmark:1",
        "fwmark6:4294967295",
        "tcp:[::]:65535"
      })
  void textsAreReadBack(String text) {
    assertThat(ServiceText.format(ServiceText.parse(text))).isEqualTo(text);
  }

  @Test
  void shortFormsAreTcpAndHexadecimal() {
    assertThat(ServiceText.parse("192.0.2.1:80")).isEqualTo(ServiceKey.tcp("192.0.2.1", 80));
    assertThat(ServiceText.parse("fwmark:0x1F")).isEqualTo(ServiceKey.fwmark(31));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":80",
        "192.0.2.1",
        "192.0.2.1:",
        "192.0.2.1:65536",
        "192.0.2.1:-1",
        "2001:db8::1:80",
        "[192.0.2.1:80",
        "example.org:80",
        "fwmark:",
        "fwmark:0",
        "fwmark:-1",
        "fwmark:4294967296",
        "fwmark:0x100000000",
        "fwmark:010",
        "icmp:192.0.2.1:80",
        "192.0.2.1:٨٠"
      })
  void otherTextsAreRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> ServiceText.parse(text));
  }

  @Test
  void protocolThatHasNoNameIsNotCalledTcp() {
    ServiceKey foreign = new ServiceKey.Endpoint(Protocol.of(47), IpAddress.parse("192.0.2.1"), 0);
    String text = ServiceText.format(foreign);
    assertThat(text).isEqualTo("proto-47:192.0.2.1:0");
    assertThatIllegalArgumentException().isThrownBy(() -> ServiceText.parse(text));
  }

  @Test
  void hostileTextIsCutAndCleaned() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServiceText.parse("\u001b[2J" + "x".repeat(10_000)))
        .withMessageNotContaining("\u001b")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(250));
  }
}
