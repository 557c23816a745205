// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is written is read as the same value, without a loss. */
class ConfigWriterPropertyTest {

  private static final int CONFIGS = 400;

  @Test
  void readsWhatWasWritten() {
    long seed = Long.getLong("lvstun.seed", System.nanoTime());
    RandomConfigs configs = new RandomConfigs(seed);
    for (int i = 0; i < CONFIGS; i++) {
      KeepalivedConfig config = configs.next();
      String text = config.text();
      ImportedConfig read = ConfigReader.of(ConfigFiles.of(Map.of("/k", text))).read("/k");
      assertThat(read.losses()).as("-Dlvstun.seed=%d, %d:%n%s", seed, i, text).isEmpty();
      assertThat(read.config()).as("-Dlvstun.seed=%d, %d:%n%s", seed, i, text).isEqualTo(config);
    }
  }
}
