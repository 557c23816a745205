// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ImportLossTest {

  private static List<ImportLoss> losses(String text) {
    return ConfigReader.of(ConfigFiles.of(Map.of("/k", text))).configId("lb1").read("/k").losses();
  }

  @Test
  void isOneLineOfPlaceStatementAndReason() {
    assertThat(losses("# a\nfoo  bar\tbaz\n"))
        .singleElement()
        .hasToString(
            "/k:2:1: foo bar baz: keepalived does not know this keyword outside blocks and ignores"
                + " it");
    assertThat(losses("foo " + "x".repeat(99)).get(0).statement()).hasSize(49).endsWith("…");
  }

  @Test
  void showsNoSecretWhateverIsWrongWithItsLine() {
    for (String line :
        List.of(
            "auth_pass hunter2",
            "@lb2 auth_pass hunter2",
            "@lb2 @lb3 auth_pass \"hunter2\"",
            "auth_pass \"hunter2",
            "~SEQ(I) auth_pass hunter2",
            "auth_pass hunter2${_RANDOM}",
            "password hunter2",
            "@lb2 password hunter2",
            "key hunter2",
            "auth_hmac {\nkey hunter2\n}",
            "@lb2 key hunter2")) {
      for (String open :
          List.of("", "vrrp_instance a {\nauthentication {\n", "vrrp_instance a {\n")) {
        List<ImportLoss> losses = losses(open + line + "\n");
        assertThat(losses).as(open + line).isNotEmpty();
        assertThat(losses.toString()).as(open + line).doesNotContain("hunter2");
      }
    }
  }
}
