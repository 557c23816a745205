// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lvstun.diagnostics.repair.persist.FileFormat;
import io.lvstun.diagnostics.repair.persist.OwnFile;
import io.lvstun.host.AddTunnelDevice;
import io.lvstun.host.ClampSegmentSize;
import io.lvstun.host.HostChange;
import io.lvstun.host.InsertFirewallRule;
import io.lvstun.host.InstallFile;
import io.lvstun.host.InstallPackage;
import io.lvstun.host.LoadModule;
import io.lvstun.host.ManualChange;
import io.lvstun.host.OpenGuePort;
import io.lvstun.host.Risk;
import io.lvstun.host.RunCommand;
import io.lvstun.host.ServiceUnit;
import io.lvstun.host.SetAddress;
import io.lvstun.host.SetInterruptAffinity;
import io.lvstun.host.SetLinkUp;
import io.lvstun.host.SetQueues;
import io.lvstun.host.SetReceivePacketSteering;
import io.lvstun.host.SetSysctl;
import io.lvstun.host.SetTunnelMode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JournalEntryTest {

  static List<HostChange> changes() {
    return List.of(
        new AddTunnelDevice("lvstun0"),
        new ClampSegmentSize(true, "default via 2001:db8::1 dev eth0", 1400),
        new InsertFirewallRule(
            "inet", "filter", "input", List.of("meta", "l4proto", "4", "accept"), "lvstun-FW-001"),
        new LoadModule("ipip"),
        new ManualChange("Call the provider."),
        new OpenGuePort(true, 6080),
        SetQueues.combined("eth0", 4),
        new SetReceivePacketSteering("eth0", List.of(0, 3)),
        new SetInterruptAffinity("eth0", List.of(1)),
        new InstallPackage("keepalived"),
        ServiceUnit.enabledAndStarted("keepalived.service"),
        InstallFile.of("/etc/a b.conf", "x\u0000").mode("600").check("true").journalled(),
        new RunCommand(List.of("true", "a b"), List.of("false"), Risk.DISRUPTIVE, false),
        new SetAddress("lo", "2001:db8::200", 128, true),
        new SetLinkUp("tunl0"),
        new SetSysctl("net/ipv4/conf/eth0.100/rp_filter", "0"),
        new SetTunnelMode("ip6tnl0"),
        new OwnFile(
            "/etc/network/interfaces.d/lvstun",
            FileFormat.IFUPDOWN,
            "tunl0",
            List.of("own", "up")));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void entryIsReadBackAsItWasWritten(HostChange change) {
    JournalEntry entry = new JournalEntry(change, "before\n\u0000 \"'", HostChange.NONE);
    assertThat(JournalEntry.parse(entry.write())).isEqualTo(entry);
  }

  @Test
  void everyKindOfChangeIsTried() {
    Stream<Class<?>> kinds =
        Arrays.stream(HostChange.class.getPermittedSubclasses()).filter(Class::isRecord);
    assertThat(changes()).extracting(Object::getClass).containsAll(kinds.toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"version\":2,\"change\":{\"kind\":\"LoadModule\",\"name\":\"ipip\"}}",
        "{\"version\":1,\"change\":{\"kind\":\"Nonsense\"}}",
        "{\"version\":1,\"change\":{\"kind\":\"LoadModule\",\"name\":\"; reboot\"}}",
        "{\"version\":1,\"change\":{\"kind\":\"OpenGuePort\",\"six\":true,\"port\":0}}",
        "{\"version\":1,\"change\":7}",
        "not JSON"
      })
  void hostileEntryIsRefused(String json) {
    String text = JournalEntry.digest(json) + "\n" + json + "\n";
    assertThatIllegalArgumentException().isThrownBy(() -> JournalEntry.parse(text));
  }

  @Test
  void damagedEntryIsRefused() {
    String text = new JournalEntry(new LoadModule("ipip"), "absent", "loaded").write();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JournalEntry.parse(text.replace("ipip", "sit")))
        .withMessageContaining("damaged");
  }
}
