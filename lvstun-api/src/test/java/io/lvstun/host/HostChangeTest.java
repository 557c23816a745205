// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lvstun.IpAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each kind of change: its command, what undoes it, and how its state is brought about. */
class HostChangeTest {

  private static void check(
      HostChange change, String text, String undo, String before, String forth, String back) {
    assertThat(change.text()).isEqualTo(text);
    assertThat(String.join(" ", change.undo())).isEqualTo(undo);
    assertThat(change.query()).hasSize(4);
    String after = change.wanted(before);
    assertThat(String.join(" ", change.operation(before, after))).isEqualTo(forth);
    assertThat(String.join(" ", change.operation(after, before))).isEqualTo(back);
  }

  @Test
  void parameterIsSetAndSetBack() {
    check(
        new SetSysctl("net/ipv4/conf/eth0.7/rp_filter", "0"),
        "sysctl -w net/ipv4/conf/eth0.7/rp_filter=0",
        "",
        "1",
        "sysctl net/ipv4/conf/eth0.7/rp_filter 0",
        "sysctl net/ipv4/conf/eth0.7/rp_filter 1");
    assertThat(new SetSysctl("net/ipv4/ip_forward", "1").name()).isEqualTo("net.ipv4.ip_forward");
  }

  @Test
  void moduleIsLoadedAndUnloaded() {
    check(
        new LoadModule("ipip"),
        "modprobe ipip",
        "",
        HostChange.ABSENT,
        "run modprobe ipip",
        "unload ipip");
  }

  @Test
  void deviceIsSwitchedOnAndOff() {
    check(
        new SetLinkUp("tunl0"),
        "ip link set dev tunl0 up",
        "",
        "down",
        "run ip link set dev tunl0 up",
        "run ip link set dev tunl0 down");
  }

  @Test
  void tunnelDeviceIsAddedAndDeleted() {
    check(
        new AddTunnelDevice("lvstun0"),
        "ip link add lvstun0 type ipip external",
        "ip link delete lvstun0",
        HostChange.ABSENT,
        "run ip link add lvstun0 type ipip external",
        "run ip link delete lvstun0");
  }

  @Test
  void addressIsAddedAndDeleted() {
    check(
        SetAddress.present("lo", IpAddress.parse("2001:db8::1"), 128),
        "ip address add 2001:db8::1/128 dev lo nodad preferred_lft 0",
        "ip address delete 2001:db8::1/128 dev lo",
        HostChange.ABSENT,
        "run ip address add 2001:db8::1/128 dev lo nodad preferred_lft 0",
        "run ip address delete 2001:db8::1/128 dev lo");
    check(
        SetAddress.absent("eth0", IpAddress.parse("192.0.2.1"), 24),
        "ip address delete 192.0.2.1/24 dev eth0",
        "ip address add 192.0.2.1/24 dev eth0",
        HostChange.PRESENT,
        "run ip address delete 192.0.2.1/24 dev eth0",
        "run ip address add 192.0.2.1/24 dev eth0");
  }

  @Test
  void tunnelModeReturnsToWhatItWas() {
    check(
        new SetTunnelMode("ip6tnl0"),
        "ip -6 tunnel change ip6tnl0 mode any",
        "ip -6 tunnel change ip6tnl0 mode ip6ip6",
        "ip/ipv6",
        "run ip -6 tunnel change ip6tnl0 mode any",
        "run ip -6 tunnel change ip6tnl0 mode ip4ip6");
  }

  @Test
  void guePortIsOpenedForItsFamily() {
    check(
        new OpenGuePort(false, 6080),
        "ip fou add port 6080 gue",
        "ip fou del port 6080",
        HostChange.ABSENT,
        "run ip -4 fou add port 6080 gue",
        "run ip -4 fou del port 6080");
    assertThat(new OpenGuePort(true, 6080).text()).isEqualTo("ip -6 fou add port 6080 gue");
  }

  @Test
  void segmentSizeReplacesTheOneOfTheRoute() {
    String route = "default via 192.0.2.254 dev eth0 advmss 1460";
    check(
        new ClampSegmentSize(false, route, 1400),
        "ip -4 route change default via 192.0.2.254 dev eth0 advmss 1400",
        "",
        route,
        "run ip -4 route change default via 192.0.2.254 dev eth0 advmss 1400",
        "run ip -4 route change " + route);
  }

  @Test
  void ruleIsKnownByItsComment() {
    InsertFirewallRule rule =
        new InsertFirewallRule("inet", "filter", "input", List.of("accept"), "lvstun-FW-001");
    assertThat(rule.comment()).matches("lvstun-FW-001-[0-9a-f]{12}");
    assertThat(rule.command())
        .startsWith("nft", "insert", "rule", "inet", "filter", "input", "accept", "comment")
        .endsWith("\"" + rule.comment() + "\"");
    assertThat(rule.undo()).endsWith("inet", "filter", "input", rule.comment());
    assertThat(rule.operation(HostChange.PRESENT, HostChange.ABSENT))
        .containsExactly("nft-delete", "inet filter input", rule.comment());
    assertThat(
            new InsertFirewallRule("inet", "filter", "input", List.of("drop"), "lvstun-FW-001")
                .comment())
        .isNotEqualTo(rule.comment());
    assertThat(rule.risk()).isEqualTo(Risk.FIREWALL);
  }

  @Test
  void commandIsUndoneByItsOpposite() {
    RunCommand command = new RunCommand(List.of("a", "b c"), List.of("d"), Risk.DISRUPTIVE);
    assertThat(command.text()).isEqualTo("a 'b c'");
    assertThat(command.blind()).isTrue();
    assertThat(command.atBoot()).isTrue();
    assertThat(RunCommand.once(List.of("a"), List.of(), Risk.SAFE).atBoot()).isFalse();
    assertThat(command.operation(HostChange.UNKNOWN, "done")).containsExactly("run", "a", "b c");
    assertThat(command.operation("done", HostChange.UNKNOWN)).containsExactly("run", "d");
  }

  @Test
  void manualChangeHasNoCommand() {
    ManualChange change = new ManualChange("Call the provider.");
    assertThat(change.command()).isEmpty();
    assertThat(change.text()).isEqualTo("Call the provider.");
    assertThat(change.risk()).isEqualTo(Risk.MANUAL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-x", "a b", "eth0;reboot", "a\nb", "0123456789abcdef", "a/b"})
  void namesThatAreNoneAreRefused(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> new SetLinkUp(name));
    assertThatIllegalArgumentException().isThrownBy(() -> new AddTunnelDevice(name));
    assertThatIllegalArgumentException().isThrownBy(() -> new SetTunnelMode(name));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SetAddress(name, "192.0.2.1", 32, true));
    assertThatIllegalArgumentException().isThrownBy(() -> new SetSysctl("net/../" + name, "1"));
  }

  @Test
  void numbersOutOfRangeAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new OpenGuePort(false, 65_536));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SetAddress("lo", "192.0.2.1", 33, true));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ClampSegmentSize(false, "default", 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new InsertFirewallRule("inet", "a;b", "c", List.of("accept"), "lvstun"));
  }
}
