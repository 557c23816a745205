// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.drivers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What drivers can do, and say, in processes with few rights. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DriverPrivilegeLabIT {

  private static final String HINT =
      "IPVS needs CAP_NET_ADMIN in the initial user namespace (a rootless container has none):"
          + " run as root or grant the capability";

  private static final List<String> NOBODY =
      List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

  private final DirectorNamespace namespace = new DirectorNamespace();
  private final ProbeProcess probe = new ProbeProcess();

  @BeforeEach
  void emptyTables() {
    namespace.run("ipvsadm", "-C");
  }

  @AfterAll
  void cleanUp() {
    probe.delete();
    namespace.close();
  }

  private String tryDriver(List<String> before, String... arguments) {
    return namespace.run(probe.command(before, List.of(), arguments)).strip();
  }

  private String rules() {
    return namespace.run("ipvsadm", "-Sn");
  }

  private static List<String> nobodyWith(String... options) {
    return Stream.concat(NOBODY.stream(), Stream.of(options)).toList();
  }

  @Test
  void capabilityAloneIsEnoughForNetlink() {
    String output =
        tryDriver(
            nobodyWith(
                "--inh-caps=-all,+net_admin",
                "--ambient-caps=-all,+net_admin",
                "--bounding-set=-all,+net_admin"),
            "netlink");
    assertThat(output.lines())
        .containsExactly(
            "Uid: 65534 65534 65534 65534",
            // Bit 12, CAP_NET_ADMIN, and nothing else.
            "CapEff: 0000000000001000",
            "added, read 1 services and 0 connections");
    assertThat(rules()).isEqualTo("-A -f 4711 -s wlc\n");
  }

  @Test
  void rootWithThatCapabilityAloneMayUseTheBinary() {
    String output =
        tryDriver(
            List.of("setpriv", "--inh-caps=-all,+net_admin", "--bounding-set=-all,+net_admin"),
            "ipvsadm");
    assertThat(output).contains("CapEff: 0000000000001000", "added, read 1 services");
    assertThat(rules()).isEqualTo("-A -f 4711 -s wlc\n");
  }

  @ParameterizedTest
  @CsvSource({"netlink,read info", "ipvsadm,open"})
  void rootWithoutTheCapabilityIsRefused(String driver, String operation) {
    String output =
        tryDriver(List.of("setpriv", "--inh-caps=-net_admin", "--bounding-set=-net_admin"), driver);
    assertThat(output).startsWith("Uid: 0 0 0 0");
    assertRefused(output, driver, operation);
  }

  @ParameterizedTest
  @CsvSource({"netlink,read info", "ipvsadm,open"})
  void ordinaryUserIsRefused(String driver, String operation) {
    String output = tryDriver(nobodyWith("--bounding-set=-all"), driver);
    assertThat(output).contains("CapEff: 0000000000000000");
    assertRefused(output, driver, operation);
  }

  private void assertRefused(String output, String driver, String operation) {
    assertThat(output.lines().skip(2))
        .singleElement()
        .asString()
        .startsWith("PermissionException: cannot " + operation + " (" + driver + "): not permitted")
        .endsWith(". " + HINT);
    if (driver.equals("netlink")) {
      assertThat(output)
          .endsWith("PermissionException: cannot read info (netlink): not permitted [1]. " + HINT);
    }
    assertThat(rules()).isEmpty();
  }

  /** All capabilities, but those of another user namespace, whose root the process is. */
  @Test
  void capabilityInAnotherUserNamespaceIsNotEnough() {
    String output = tryDriver(List.of("unshare", "--user", "--map-root-user", "--net"), "netlink");
    assertThat(output).startsWith("Uid: 0 0 0 0\nCapEff: 000001ffffffffff\n");
    assertThat(output)
        .endsWith("PermissionException: cannot read info (netlink): not permitted [1]. " + HINT);
  }

  @Test
  void enteringANamespaceNeedsAnotherCapability() {
    DirectorNamespace other = new DirectorNamespace();
    try {
      String output =
          tryDriver(
              nobodyWith(
                  "--inh-caps=-all,+net_admin",
                  "--ambient-caps=-all,+net_admin",
                  "--bounding-set=-all,+net_admin"),
              "netlink",
              other.name());
      assertThat(output)
          .endsWith(
              "PermissionException: cannot open the driver (netlink): not permitted to enter the"
                  + " network namespace /run/netns/"
                  + other.name()
                  + " [1]. Entering a network namespace needs CAP_SYS_ADMIN, in its user namespace"
                  + " too: run as root, or start the program inside it (ip netns exec)");
    } finally {
      other.close();
    }
  }

  /** Unlike IPVS, a network belongs to the user namespace that made it. */
  @Test
  void hostNetworkNeedsTheCapabilityWhereTheNamespaceBelongs() {
    assertThat(tryDriver(List.of("unshare", "--user", "--map-root-user", "--net"), "network"))
        .endsWith("lo is up: true");
    assertThat(tryDriver(nobodyWith("--bounding-set=-all"), "network"))
        .endsWith(
            "PermissionException: cannot set up link lo (netlink): not permitted [1]. It needs"
                + " CAP_NET_ADMIN in the user namespace that owns the network namespace: run as"
                + " root or grant the capability");
  }
}
