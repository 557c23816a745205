// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.Timeouts;
import org.junit.jupiter.api.Test;

class GlobalSettingsTest {

  @Test
  void textsThatCannotBeWrittenAreRefused() {
    GlobalSettings none = GlobalSettings.DEFAULT;
    assertThatThrownBy(() -> none.routerId("a\nb")).hasMessageStartingWith("router_id must be");
    assertThatThrownBy(() -> none.notifyFifo("")).hasMessageStartingWith("notify_fifo must be");
    assertThatThrownBy(() -> none.scriptUser("a;b")).hasMessageStartingWith("script_user must be");
    assertThatThrownBy(() -> none.scriptUser("a ")).hasMessageStartingWith("script_user must be");
  }

  @Test
  void orderOfSettingDoesNotMatter() {
    SyncDaemonSetting daemon = SyncDaemonSetting.on("eth1");
    assertThat(
            GlobalSettings.DEFAULT
                .routerId("a b")
                .syncDaemon(daemon)
                .timeouts(Timeouts.ofSeconds(1, 2, 3))
                .flush(true)
                .flushOnStop(true)
                .notifyFifo("/f")
                .scriptUser("u g")
                .scriptSecurity(true))
        .isEqualTo(
            GlobalSettings.DEFAULT
                .scriptSecurity(true)
                .scriptUser("u g")
                .notifyFifo("/f")
                .flushOnStop(true)
                .flush(true)
                .timeouts(Timeouts.ofSeconds(1, 2, 3))
                .syncDaemon(daemon)
                .routerId("a b"));
  }
}
