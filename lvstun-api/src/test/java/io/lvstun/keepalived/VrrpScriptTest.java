// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VrrpScriptTest {

  @Test
  void valuesOutOfRangeAreRefused() {
    VrrpScript script = VrrpScript.of("s", "/bin/s").weight(-253).rise(1).fall(1);
    assertThatThrownBy(() -> script.weight(-254))
        .hasMessage("weight must be -253 to 253, not -254");
    assertThatThrownBy(() -> script.rise(0)).hasMessage("rise must be 1 to 2147483647, not 0");
    assertThatThrownBy(() -> script.fall(0)).hasMessage("fall must be 1 to 2147483647, not 0");
    assertThatThrownBy(() -> script.interval(Duration.ZERO)).hasMessageStartingWith("interval");
    assertThatThrownBy(() -> script.timeout(Duration.ofSeconds(1000001)))
        .hasMessageContaining("1000000 seconds");
    assertThatThrownBy(() -> VrrpScript.of("s t", "/s")).hasMessageStartingWith("vrrp_script");
    assertThatThrownBy(() -> VrrpScript.of("s", "/s 'a"))
        .hasMessageStartingWith("script must close");
  }

  @Test
  void isReadAsItIsWritten() {
    VrrpScript script =
        VrrpScript.of("s", "/bin/s 'a b'")
            .interval(Duration.ofSeconds(2))
            .timeout(Duration.ofSeconds(1))
            .weight(3)
            .rise(2)
            .fall(4);
    KeepalivedConfig config = KeepalivedConfig.EMPTY.scripts(List.of(script));
    assertThat(ConfigReader.of(ConfigFiles.of(Map.of("/k", config.text()))).read("/k").config())
        .isEqualTo(config);
  }
}
