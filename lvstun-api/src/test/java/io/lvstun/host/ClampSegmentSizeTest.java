// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClampSegmentSizeTest {

  private static final String ROUTE = "default via 192.0.2.254 dev eth0 advmss 1460";

  private static final String IP =
      """
      cd "$ROOT"
      case "$*" in
      "-4 route show default") cat routes ;;
      "-4 route change "*) shift 3; echo "$*" >routes ;;
      *) exit 2 ;;
      esac
      """;

  @TempDir Path folder;

  @Test
  void sizeReplacesTheOneOfTheRoute() {
    HostChangeTest.check(
        new ClampSegmentSize(false, ROUTE, 1400),
        "ip -4 route change default via 192.0.2.254 dev eth0 advmss 1400",
        "",
        ROUTE,
        "run ip -4 route change default via 192.0.2.254 dev eth0 advmss 1400",
        "run ip -4 route change " + ROUTE);
  }

  @Test
  void routeIsChangedAndComesBackAsItWas() {
    FolderHost host = new FolderHost(folder).program("ip", IP);
    host.write("routes", ROUTE + " \n");
    ClampSegmentSize change = new ClampSegmentSize(false, ROUTE, 1400);
    AppliedChange applied = change.apply(host);
    assertThat(host.read("routes")).isEqualTo("default via 192.0.2.254 dev eth0 advmss 1400\n");
    assertThat(change.holds(host)).isTrue();
    assertThat(applied.undo()).isTrue();
    assertThat(host.read("routes")).isEqualTo(ROUTE + "\n");
  }

  @Test
  void routeOfTheMomentIsChangedAndNotTheOneThatWasSeenEarlier() {
    FolderHost host = new FolderHost(folder).program("ip", IP);
    host.write("routes", "default via 192.0.2.253 dev eth1 \n");
    var unused = new ClampSegmentSize(false, ROUTE, 1400).apply(host);
    assertThat(host.read("routes")).isEqualTo("default via 192.0.2.253 dev eth1 advmss 1400\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "default via 192.0.2.254 dev eth0\ndefault via 192.0.2.253 dev eth1 metric 9\n",
        "default\n\tnexthop via 192.0.2.254 dev eth0\n\tnexthop via 192.0.2.253 dev eth1\n"
      })
  void routesOfWhichNoneCanBeMeantAreLeftAlone(String routes) {
    FolderHost host = new FolderHost(folder).program("ip", IP);
    host.write("routes", routes);
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> new ClampSegmentSize(false, ROUTE, 1400).apply(host))
        .withMessageContaining("not exactly one default route");
    assertThat(host.read("routes")).isEqualTo(routes);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ClampSegmentSize(false, routes, 1400));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void sizeIsAboveZero(int size) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ClampSegmentSize(true, ROUTE, size))
        .withMessage("segmentSize must be above 0, not " + size);
  }

  @Test
  void routesOfIpv6AreAskedForAsSuch() {
    ClampSegmentSize change =
        new ClampSegmentSize(true, "default via fe80::1 dev eth0 metric 1024 pref medium", 1380);
    assertThat(change.query()).startsWith("default", "-6");
    assertThat(change.text())
        .isEqualTo(
            "ip -6 route change default via fe80::1 dev eth0 metric 1024 pref medium advmss"
                + " 1380");
  }
}
