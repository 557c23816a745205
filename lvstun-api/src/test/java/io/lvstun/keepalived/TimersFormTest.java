// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimersFormTest {

  private static ImportedConfig read(String text) {
    return ConfigReader.of(ConfigFiles.of(Map.of("/k", text))).read("/k");
  }

  private static VirtualServer server(String statements) {
    return read("virtual_server 192.0.2.1 80 {\nprotocol TCP\nlvs_method TUN\n"
            + statements
            + "\n}\n")
        .config()
        .virtualServers()
        .get(0);
  }

  @Test
  void timersAreInheritedFromOutsideIn() {
    VirtualServer server =
        server(
            """
            delay_loop 7
            retry 4
            real_server 198.51.100.1 80 {
              retry 2
              TCP_CHECK { connect_timeout 1.5
               }
            }
            """);
    ServerChecks checks = server.checks(server.service().realServers().get(0).key());
    CheckTimers effective =
        checks.checkers().get(0).timers().inherit(checks.timers()).inherit(server.timers());
    assertThat(effective.connectTimeout()).contains(Duration.ofMillis(1500));
    assertThat(effective.retry()).contains(2);
    assertThat(effective.delayLoop()).contains(Duration.ofSeconds(7));
  }

  @Test
  void everyTimerIsTakenAndNothingElse() {
    List<ImportLoss> losses = new ArrayList<>();
    TimersForm form = new TimersForm(new StatementReader(losses), 1);
    SourcePosition place = new SourcePosition("/k", 1, 1);
    for (String text :
        List.of(
            "connect_timeout 2",
            "retry 3",
            "nb_get_retry 4",
            "delay_before_retry 0",
            "warmup 0.5",
            "delay_loop 9",
            "alpha",
            "retry 0",
            "connect_timeout 0",
            "delay_loop 5000")) {
      List<Word> words = Arrays.stream(text.split(" ")).map(word -> new Word(word, place)).toList();
      assertThat(form.takes(new Statement(words, true, List.of()))).as(text).isTrue();
    }
    assertThat(form.takes(new Statement(List.of(new Word("weight", place)), true, List.of())))
        .isFalse();
    assertThat(form.timers())
        .isEqualTo(
            CheckTimers.INHERITED
                .connectTimeout(Duration.ofSeconds(2))
                .retry(4)
                .delayBeforeRetry(Duration.ZERO)
                .warmup(Duration.ofMillis(500))
                .delayLoop(Duration.ofSeconds(9))
                .alpha(true));
    assertThat(losses)
        .extracting(ImportLoss::statement)
        .containsExactly("retry 0", "connect_timeout 0", "delay_loop 5000");
  }
}
