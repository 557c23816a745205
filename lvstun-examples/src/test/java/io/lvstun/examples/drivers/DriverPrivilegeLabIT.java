// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.drivers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What drivers can do, and say, in processes with few rights. */
final class DriverPrivilegeLabIT {

  private static final String HINT =
      "IPVS needs CAP_NET_ADMIN in the initial user namespace (a rootless container has none):"
          + " run as root or grant the capability";

  // What a filter of system calls lets become of one.
  private static final long KILL_PROCESS = 0x80000000L;
  private static final long RETURN_ERROR = 0x00050000;

  private static final List<String> NOBODY =
      List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

  private final DirectorNamespace namespace = new DirectorNamespace();
  private final ProbeProcess probe = new ProbeProcess();

  @AfterEach
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

  /**
   * Starts a program whose calls of recvmmsg (299 on x86-64) end as this says, as sandboxes do it:
   * with a filter of the system's calls.
   */
  private static List<String> withoutRecvmmsg(long end) {
    String script =
        """
        my $filter = pack('SCCL' x 4, 0x20, 0, 0, 0, 0x15, 0, 1, 299, 0x06, 0, 0, %d,
            0x06, 0, 0, 0x7fff0000);
        syscall(157, 38, 1, 0, 0, 0) == 0 or die "no_new_privs: $!";
        syscall(157, 22, 2, pack('Sx6P', 4, $filter)) == 0 or die "seccomp: $!";
        exec @ARGV or die "$ARGV[0]: $!";
        """
            .formatted(end);
    return List.of("perl", "-e", script);
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
  @ValueSource(ints = {1, 38})
  void sandboxThatRefusesToReceiveTwoDatagramsAtOnceIsEnough(int error) {
    String output = tryDriver(withoutRecvmmsg(RETURN_ERROR | error), "netlink");
    assertThat(output).endsWith("added, read 1 services and 0 connections");
    assertThat(rules()).isEqualTo("-A -f 4711 -s wlc\n");
  }

  /** Were that call not made, the test above would show nothing. */
  @Test
  void whoeverMayNotEvenAskDies() {
    List<String> killed = new ArrayList<>(List.of("sh", "-c", "\"$@\" || echo status $?", "sh"));
    killed.addAll(withoutRecvmmsg(KILL_PROCESS));
    // 128 and SIGSYS.
    assertThat(tryDriver(killed, "netlink")).endsWith("status 159");
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
