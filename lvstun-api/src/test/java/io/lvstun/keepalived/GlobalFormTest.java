// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.IpAddress;
import io.lvstun.Timeouts;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GlobalFormTest {

  private static ImportedConfig read(String statements) {
    String text = "global_defs {\n" + statements + "\n}\n";
    return ConfigReader.of(ConfigFiles.of(Map.of("/k", text))).read("/k");
  }

  @Test
  void laterStatementsReplaceEarlierOnes() {
    ImportedConfig read =
        read("router_id a\nrouter_id b\nlvs_timeouts tcp 5\nlvs_timeouts udp 7 tcpfin 6");
    assertThat(read.config().global())
        .isEqualTo(GlobalSettings.DEFAULT.routerId("b").timeouts(Timeouts.ofSeconds(5, 6, 7)));
    assertThat(read.losses()).isEmpty();
  }

  @Test
  void timeoutWithoutNumberIsListed() {
    ImportedConfig read = read("lvs_timeouts tcp 5 udp");
    assertThat(read.config().global().timeouts()).isEqualTo(Timeouts.ofSeconds(5, 0, 0));
    assertThat(read.losses())
        .singleElement()
        .satisfies(loss -> assertThat(loss.reason()).isEqualTo("udp has no number of seconds"));
  }

  @Test
  void wrongTimeoutIsListedAndTheOneBeforeStays() {
    ImportedConfig read = read("lvs_timeouts tcp 5\nlvs_timeouts tcp 0 udp 2147484 icmp 3");
    assertThat(read.config().global().timeouts()).isEqualTo(Timeouts.ofSeconds(5, 0, 0));
    assertThat(read.losses())
        .extracting(ImportLoss::reason)
        .containsExactly(
            "it must be 1 to 2147483, not 0; keepalived ignores it",
            "it must be 1 to 2147483, not 2147484; keepalived ignores it",
            "icmp is not known");
  }

  @Test
  void syncDaemonTakesItsInstanceWithAndWithoutKeyword() {
    for (String text : List.of("eth1 VI_1 id 3", "eth1 inst VI_1 id 3", "eth1 id 3 VI_1")) {
      assertThat(read("lvs_sync_daemon " + text).config().global().syncDaemon())
          .contains(SyncDaemonSetting.on("eth1").instance("VI_1").syncId(3));
    }
    for (String bad : List.of("", "eth1 id", "eth1 id x", "eth1 id 256", "eth1 group 10.0.0.1")) {
      ImportedConfig read = read("lvs_sync_daemon " + bad);
      assertThat(read.config().global().syncDaemon()).isEmpty();
      assertThat(read.losses())
          .singleElement()
          .extracting(ImportLoss::kind)
          .isEqualTo(ImportLoss.Kind.INVALID);
    }
  }

  @Test
  void flushOfOneServerOnlyIsToldToBeMore() {
    ImportedConfig read = read("lvs_flush_on_stop VS\nscript_user nobody nogroup");
    assertThat(read.config().global())
        .isEqualTo(GlobalSettings.DEFAULT.flushOnStop(true).scriptUser("nobody nogroup"));
    assertThat(read.losses())
        .extracting(ImportLoss::reason)
        .containsExactly("VS is not read: the whole table is emptied");
  }

  @Test
  void globalSettingsAreRead() {
    GlobalSettings global =
        read("""
        router_id "lb one"
        lvs_sync_daemon eth1 VI_1 id 7 maxlen 1400 port 8849 ttl 2 group 224.0.0.82
        lvs_timeouts tcp 10 udp 30
        lvs_flush
        notify_fifo /run/k.fifo
        """)
            .config()
            .global();
    assertThat(global)
        .isEqualTo(
            GlobalSettings.DEFAULT
                .routerId("lb one")
                .syncDaemon(
                    SyncDaemonSetting.on("eth1")
                        .instance("VI_1")
                        .syncId(7)
                        .maxLength(1400)
                        .port(8849)
                        .ttl(2)
                        .group(IpAddress.parse("224.0.0.82")))
                .timeouts(Timeouts.ofSeconds(10, 0, 30))
                .flush(true)
                .notifyFifo("/run/k.fifo"));
  }
}
