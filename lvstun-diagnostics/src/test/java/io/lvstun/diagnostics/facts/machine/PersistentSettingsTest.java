// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What files of sysctl.d, modules-load.d and of the network come to. */
class PersistentSettingsTest {

  private static final String PATH = "net/ipv4/conf/tunl0/rp_filter";

  @Test
  void laterFileWinsWhateverItsDirectory() {
    PersistentSettings settings =
        PersistentSettings.of(
            Map.of(
                "/etc/sysctl.d/10-early.conf", "net.ipv4.conf.tunl0.rp_filter = 1\n",
                "/usr/lib/sysctl.d/50-late.conf", "net/ipv4/conf/tunl0/rp_filter=2\n"));
    assertThat(settings.number(PATH)).isEqualTo(OptionalInt.of(2));
    assertThat(settings.sysctl(PATH).orElseThrow().file())
        .isEqualTo("/usr/lib/sysctl.d/50-late.conf");
  }

  @Test
  void fileOfEtcHidesTheOneOfThatName() {
    PersistentSettings settings =
        PersistentSettings.of(
            Map.of(
                "/etc/sysctl.d/50-default.conf", "# empty on purpose\n",
                "/usr/lib/sysctl.d/50-default.conf", "net.ipv4.conf.tunl0.rp_filter = 1\n"));
    assertThat(settings.number(PATH)).isEmpty();
  }

  @Test
  void sysctlConfIsReadLast() {
    PersistentSettings settings =
        PersistentSettings.of(
            Map.of(
                "/etc/sysctl.conf", "-net.ipv4.conf.tunl0.rp_filter=0\n",
                "/etc/sysctl.d/99-zz.conf", "net.ipv4.conf.tunl0.rp_filter=1\n"));
    assertThat(settings.number(PATH)).isEqualTo(OptionalInt.of(0));
  }

  @Test
  void asteriskStandsForDevicesButNotForAllAndDefaultAndNamesGoBeforeIt() {
    PersistentSettings settings =
        PersistentSettings.of(
            Map.of(
                "/etc/sysctl.d/10-a.conf", "net.ipv4.conf.tunl0.rp_filter = 2\n",
                "/etc/sysctl.d/50-b.conf", "net.ipv4.conf.*.rp_filter = 1\n"));
    assertThat(settings.number(PATH)).isEqualTo(OptionalInt.of(2));
    assertThat(settings.number("net/ipv4/conf/eth0/rp_filter")).isEqualTo(OptionalInt.of(1));
    assertThat(settings.number("net/ipv4/conf/all/rp_filter")).isEmpty();
    assertThat(settings.effective("rp_filter", "eth0")).isEqualTo(1);
  }

  @Test
  void dotsInNamesOfDevicesAreKept() {
    PersistentSettings settings =
        PersistentSettings.of(
            Map.of(
                "/etc/sysctl.d/a.conf",
                "net.ipv4.conf.eth0/100.arp_ignore = 1\nnet/ipv4/conf/eth0.200/arp_ignore = 2\n"));
    assertThat(settings.number("net/ipv4/conf/eth0.100/arp_ignore")).isEqualTo(OptionalInt.of(1));
    assertThat(settings.number("net/ipv4/conf/eth0.200/arp_ignore")).isEqualTo(OptionalInt.of(2));
  }

  @Test
  void deviceBeginsWithDefaultAndTheGreaterOfAllWins() {
    PersistentSettings settings =
        PersistentSettings.of(
            Map.of(
                "/etc/sysctl.d/a.conf",
                "net.ipv4.conf.default.rp_filter = 2\nnet.ipv4.conf.all.rp_filter = 1\n"));
    assertThat(settings.effective("rp_filter", "tunl0")).isEqualTo(2);
    assertThat(PersistentSettings.of(Map.of()).effective("rp_filter", "tunl0")).isEqualTo(0);
  }

  @Test
  void modulesAndNetworkFilesAreFound() {
    PersistentSettings settings =
        PersistentSettings.of(
            Map.of(
                "/etc/modules", "# ip_vs\nip-vs\n",
                "/etc/modules-load.d/x.conf", "ipip\n",
                "/etc/systemd/network/a.network", "Address=192.0.2.20/32\n"));
    assertThat(settings.module("ip_vs")).contains("/etc/modules");
    assertThat(settings.module("ipip")).contains("/etc/modules-load.d/x.conf");
    assertThat(settings.module("fou")).isEmpty();
    assertThat(settings.networkFile("192.0.2.20")).contains("/etc/systemd/network/a.network");
    assertThat(settings.networkFile("192.0.2.2")).isEmpty();
  }
}
