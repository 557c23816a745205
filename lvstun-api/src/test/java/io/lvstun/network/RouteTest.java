// SPDX-License-Identifier: Apache-2.0
package io.lvstun.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lvstun.IpAddress;
import java.util.Locale;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RouteTest {

  private static void assertRefused(ThrowingCallable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
  }

  @Test
  void routesAreWrittenAsIpDoes() {
    assertThat(Route.via("0.0.0.0/0", "192.0.2.1").link("eth0").metric(5))
        .hasToString("0.0.0.0/0 via 192.0.2.1 dev eth0 metric 5");
    assertThat(Route.local("0.0.0.0/0").table(100)).hasToString("local 0.0.0.0/0 dev lo table 100");
    assertThat(Route.on("2001:db8::/32", "eth0").source("2001:db8::1"))
        .hasToString("2001:db8::/32 dev eth0 src 2001:db8::1");
  }

  @Test
  void routesRefuseWhatCannotBe() {
    assertRefused(
        () -> Route.on("192.0.2.1/24", "eth0"),
        "destination must have no bits behind its prefix, not 192.0.2.1/24");
    assertRefused(
        () -> Route.via("192.0.2.0/24", "::1"),
        "gateway must be of IPv4, as the destination is, not ::1");
    assertRefused(
        () -> Route.on("192.0.2.0/24", "eth0").source("::1"),
        "source must be of IPv4, as the destination is, not ::1");
    assertRefused(() -> Route.local("::/0").table(0), "table must be 1 to 4294967295, not 0");
    assertRefused(() -> Route.local("::/0").metric(-1), "metric must be 0 to 4294967295, not -1");
    assertRefused(
        () ->
            new Route(
                IpAddress.parse("192.0.2.0"),
                24,
                Route.Type.UNICAST,
                1,
                "",
                Optional.empty(),
                Optional.empty(),
                0),
        "a route to 192.0.2.0 must have a link or a gateway");
    assertRefused(
        () ->
            new Route(
                IpAddress.parse("::"),
                0,
                Route.Type.LOCAL,
                1,
                "",
                Optional.empty(),
                Optional.empty(),
                0),
        "a local route must have a link, for example lo");
    assertThatIllegalArgumentException().isThrownBy(() -> Route.on("192.0.2.0/24", ""));
  }

  @ParameterizedTest
  @CsvSource({"192.0.2.1/31", "192.0.2.128/24", "128.0.0.0/0", "2001:db8::1/127", "::1/0"})
  void destinationEndsWithItsPrefix(String network) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Route.on(network, "eth0"))
        .withMessage("destination must have no bits behind its prefix, not " + network);
  }

  @Test
  void hostIsADestinationToo() {
    assertThat(Route.on("192.0.2.1", "eth0")).hasToString("192.0.2.1/32 dev eth0");
    assertThat(Route.via("::/0", "fe80::1").link("eth0")).hasToString("::/0 via fe80::1 dev eth0");
  }

  @ParameterizedTest
  @EnumSource(names = {"BLACKHOLE", "UNREACHABLE", "PROHIBIT"})
  void routesThatEndNeedNoLink(Route.Type type) {
    Route route =
        new Route(
            IpAddress.parse("192.0.2.0"),
            24,
            type,
            Route.MAIN,
            "",
            Optional.empty(),
            Optional.empty(),
            0);
    assertThat(route).hasToString(type.name().toLowerCase(Locale.ROOT) + " 192.0.2.0/24");
  }

  @Test
  void numbersReach32Bits() {
    Route route = Route.local("::/0").table(0xffff_ffffL).metric(0xffff_ffffL);
    assertThat(route).hasToString("local ::/0 dev lo table 4294967295 metric 4294967295");
    assertRefused(() -> route.table(1L << 32), "table must be 1 to 4294967295, not 4294967296");
  }

  @Test
  void eachSettingKeepsTheOthers() {
    assertThat(
            Route.via("192.0.2.0/24", "198.51.100.1").link("eth0").source("198.51.100.2").metric(3))
        .isEqualTo(
            Route.via("192.0.2.0/24", "198.51.100.1")
                .metric(3)
                .source("198.51.100.2")
                .link("eth0"));
  }
}
