// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lvstun.IpAddress;
import io.lvstun.Protocol;
import io.lvstun.ProtocolException;
import io.lvstun.ServiceKey;
import io.lvstun.state.ServiceState;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Services of other protocols: ipvsadm prints a question mark, /proc/net/ip_vs the number. */
final class ForeignServiceTest {

  private static final String HEADING =
      """
      IP Virtual Server version 1.2.1 (size=4096)
      Prot LocalAddress:Port Scheduler Flags
        -> RemoteAddress:Port Forward Weight ActiveConn InActConn
      """;

  private static final ServiceKey.Endpoint GRE =
      new ServiceKey.Endpoint(Protocol.of(47), IpAddress.parse("10.0.0.1"), 80);
  private static final ServiceKey.Endpoint ESP =
      new ServiceKey.Endpoint(Protocol.of(50), IpAddress.parse("fd00::1"), 0);

  private static List<ServiceKey.Endpoint> parse(String text) throws IOException {
    return ForeignService.parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)));
  }

  private static List<ServiceState> states(String... lines) {
    String list = "Prot LocalAddress:Port\n  -> RemoteAddress:Port\n";
    String settings = list + String.join(" rr\n", lines) + " rr\n";
    String figures = list + String.join(" 0 0 0 0 0\n", lines) + " 0 0 0 0 0\n";
    return Recorded.states(Recorded.tables(settings + settings + settings + figures + figures));
  }

  @Test
  void protocolsAreReadInTheKernelsOrder() throws IOException {
    assertThat(
            parse(
                HEADING
                    + """
                    TCP  0A000001:0050 rr
                    IP_47  0A000001:0050 rr
                      -> 0A000101:0050      Tunnel  1      0          0
                    FWM  00000007 rr
                    IP_50  [fd00:0000:0000:0000:0000:0000:0000:0001]:0000 rr
                    ICMP  0A000001:0000 rr
                    ICMPv6  [fd00:0000:0000:0000:0000:0000:0000:0001]:0000 rr
                    IP  0A000001:0000 rr
                    """))
        .extracting(ServiceKey.Endpoint::protocol)
        .containsExactly(
            Protocol.of(47), Protocol.of(50), Protocol.of(1), Protocol.of(58), Protocol.of(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "IP_x  0A000001:0050 rr",
        "IP_70000  0A000001:0050 rr",
        "IP_47  0A0000:0050 rr",
        "IP_47  0A000001 rr",
        "IP_47  0A000001:zz rr",
        "IP_47  [fd00::1]:0050 rr",
        "IP_47"
      })
  void malformedFilesAreAProtocolException(String line) {
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(() -> parse(HEADING + line + "\n"));
  }

  @Test
  void questionMarksGetTheirProtocols() throws Exception {
    List<ServiceState> states =
        ForeignService.name(
            states("?    10.0.0.1:80", "TCP  10.0.0.1:80", "?    [fd00::1]:0"), List.of(GRE, ESP));
    assertThat(states)
        .extracting(ServiceState::key)
        .containsExactly(
            new ServiceKey.Endpoint(Protocol.of(47), IpAddress.parse("10.0.0.1"), 80),
            ServiceKey.tcp("10.0.0.1", 80),
            new ServiceKey.Endpoint(Protocol.of(50), IpAddress.parse("fd00::1"), 0));
  }

  @Test
  void questionMarksThatDoNotMatchAreAChange() {
    List<ServiceState> states = states("?    10.0.0.1:80");
    for (List<ServiceKey.Endpoint> others :
        List.of(List.<ServiceKey.Endpoint>of(), List.of(ESP), List.of(GRE, ESP))) {
      assertThatExceptionOfType(ForeignService.Changed.class)
          .isThrownBy(() -> ForeignService.name(states, others));
    }
  }

  @Test
  void sameAddressMayHaveSeveralForeignProtocols() {
    String list =
        "Prot LocalAddress:Port\n  -> RemoteAddress:Port\n"
            + "?    10.0.0.1:80 rr\n?    10.0.0.1:80 rr\n";
    assertThat(Recorded.tables(list).get(0).hasRepetitions()).isFalse();
  }
}
