// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RealServerTest {

  private static final InetAddress ADDRESS = IpAddress.parse("198.51.100.1");

  @Test
  void factoriesHaveTheDefaults() {
    assertThat(RealServer.tunnel("198.51.100.1"))
        .isEqualTo(new RealServer(ADDRESS, 0, Forwarding.TUNNEL, 1, 0, 0));
    assertThat(RealServer.directRouting("198.51.100.1"))
        .isEqualTo(new RealServer(ADDRESS, 0, Forwarding.DIRECT_ROUTING, 1, 0, 0));
    assertThat(RealServer.masquerade("198.51.100.1"))
        .isEqualTo(new RealServer(ADDRESS, 0, Forwarding.MASQUERADE, 1, 0, 0));
    assertThat(RealServer.tunnel("198.51.100.1", Encapsulation.gre()).forwarding())
        .isEqualTo(new Forwarding.Tunnel(Encapsulation.gre()));
    assertThat(RealServer.of(ADDRESS, Forwarding.TUNNEL))
        .isEqualTo(RealServer.tunnel("198.51.100.1"));
  }

  @Test
  void orderOfOptionsDoesNotMatter() {
    RealServer one =
        RealServer.tunnel("198.51.100.1")
            .port(80)
            .weight(5)
            .thresholds(100, 50)
            .forwarding(Forwarding.MASQUERADE);
    RealServer other = RealServer.masquerade("198.51.100.1").thresholds(100, 50).weight(5).port(80);
    assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
  }

  @Test
  void copiesLeaveTheOriginal() {
    RealServer server = RealServer.tunnel("198.51.100.1");
    assertThat(server.weight(7)).isNotEqualTo(server);
    assertThat(server.weight()).isEqualTo(1);
  }

  @Test
  void copyKeepsEverythingElse() {
    RealServer server =
        RealServer.tunnel("198.51.100.1", Encapsulation.gue(6080)).port(80).thresholds(100, 50);
    assertThat(server.weight(9))
        .isEqualTo(
            new RealServer(
                ADDRESS, 80, new Forwarding.Tunnel(Encapsulation.gue(6080)), 9, 100, 50));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65536})
  void portIsChecked(int port) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RealServer.tunnel("198.51.100.1").port(port))
        .withMessage("port must be 0 to 65535, not " + port);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65536, Integer.MAX_VALUE})
  void weightIsChecked(int weight) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RealServer.tunnel("198.51.100.1").weight(weight))
        .withMessage("weight must be 0 to 65535, not " + weight);
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 0, 'upper threshold must be 0 to 2147483647, not -1'",
    "2147483648, 0, 'upper threshold must be 0 to 2147483647, not 2147483648'",
    "100, -1, 'lower threshold must be 0 to 100, not -1'",
    "100, 101, 'lower threshold must be 0 to 100, not 101'",
    "0, 1, 'lower threshold must be 0 to 0, not 1'"
  })
  void thresholdsAreChecked(long upper, long lower, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RealServer.tunnel("198.51.100.1").thresholds(upper, lower))
        .withMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "224.0.0.1", "255.255.255.255", "::", "ff02::1"})
  void addressIsUnicast(String address) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RealServer.tunnel(address))
        .withMessage("address of a real server must be a unicast address, not " + address);
    assertThatIllegalArgumentException().isThrownBy(() -> RealServer.directRouting(address));
    assertThatIllegalArgumentException().isThrownBy(() -> RealServer.masquerade(address));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RealServer.of(IpAddress.parse(address), Forwarding.TUNNEL));
  }

  @Test
  void hostNameIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RealServer.tunnel("rs1"))
        .withMessageContaining("\"rs1\"");
  }

  @Test
  void foreignEncapsulationIsForDriversOnly() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RealServer.tunnel("198.51.100.1", new Encapsulation(9, 0, 0)))
        .withMessage("encapsulation must be ipip, gue (with a port) or gre, not type-9:0:-c");
  }

  @Test
  void constructorTakesWhatTheKernelStores() {
    RealServer server =
        new RealServer(
            ADDRESS, 65535, new Forwarding.Other(4), Integer.MAX_VALUE, 4294967295L, 4294967295L);
    assertThat(server)
        .hasToString("198.51.100.1:65535 Bypass 2147483647 thresholds 4294967295/4294967295");
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 1, 0, 0, 'port must be 0 to 65535, not -1'",
    "65536, 1, 0, 0, 'port must be 0 to 65535, not 65536'",
    "0, -1, 0, 0, 'weight must be 0 to 2147483647, not -1'",
    "0, 1, -1, 0, 'upper threshold must be 0 to 4294967295, not -1'",
    "0, 1, 0, 4294967296, 'lower threshold must be 0 to 4294967295, not 4294967296'"
  })
  void constructorRefusesWhatTheKernelCannotStore(
      int port, int weight, long upper, long lower, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RealServer(ADDRESS, port, Forwarding.TUNNEL, weight, upper, lower))
        .withMessage(message);
  }

  @Test
  void nullsAreRefused() {
    assertThatNullPointerException().isThrownBy(() -> RealServer.tunnel(null));
    assertThatNullPointerException()
        .isThrownBy(() -> new RealServer(null, 0, Forwarding.TUNNEL, 1, 0, 0))
        .withMessage("address");
    assertThatNullPointerException()
        .isThrownBy(() -> RealServer.tunnel("198.51.100.1").forwarding(null))
        .withMessage("forwarding");
  }

  @Test
  void keyIsAddressAndPort() {
    assertThat(RealServer.tunnel("2001:db8::1").port(80).key())
        .isEqualTo(ServerKey.of("2001:db8::1", 80))
        .hasToString("[2001:db8::1]:80");
  }

  @Test
  void toStringIsTheLineOfIpvsadm() {
    assertThat(RealServer.tunnel("198.51.100.1").port(80)).hasToString("198.51.100.1:80 Tunnel 1");
    assertThat(RealServer.directRouting("2001:db8::1").port(80).weight(0))
        .hasToString("[2001:db8::1]:80 Route 0");
    assertThat(RealServer.tunnel("198.51.100.1", Encapsulation.gre().checksum()).thresholds(9, 0))
        .hasToString("198.51.100.1:0 Tunnel(gre:+c) 1 thresholds 9/0");
  }
}
