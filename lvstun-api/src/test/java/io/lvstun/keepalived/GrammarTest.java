// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class GrammarTest {

  private static Grammar.Block block(String... path) {
    Grammar.Block block = Grammar.TOP;
    for (String keyword : path) {
      block = block.block(keyword).orElseThrow();
    }
    return block;
  }

  @Test
  void keywordsBelongToTheirBlocks() {
    assertThat(block("global_defs").knows("router_id")).isTrue();
    assertThat(Grammar.TOP.knows("router_id")).isFalse();
    assertThat(block("vrrp_instance", "authentication").knows("auth_pass")).isTrue();
    assertThat(block("virtual_server", "real_server", "HTTP_GET", "url").knows("digest")).isTrue();
    assertThat(block("virtual_server", "real_server", "MISC_CHECK").knows("connect_port"))
        .isFalse();
    assertThat(block("virtual_server", "real_server", "TCP_CHECK").knows("nb_get_retry")).isFalse();
    assertThat(block("vrrp_instance").block("priority")).isEmpty();
  }

  @Test
  void newerKeywordsAreKnownAsSuch() {
    Grammar.Block tls = block("virtual_server", "real_server", "SSL_GET");
    assertThat(tls.knows("sni_name")).isTrue();
    assertThat(tls.isNewer("sni_name")).isTrue();
    assertThat(tls.isNewer("enable_sni")).isFalse();
    assertThat(block("virtual_server", "real_server", "HTTP_GET").knows("enable_sni")).isFalse();
    assertThat(block("vrrp_instance").isNewer("auth_hmac")).isTrue();
  }

  @Test
  void blocksOfValuesHaveNoKeywords() {
    assertThat(block("vrrp_instance", "virtual_ipaddress").values()).isTrue();
    assertThat(block("vrrp_instance", "virtual_ipaddress").knows("dev")).isFalse();
    assertThat(block("virtual_server_group").values()).isTrue();
    assertThat(block("vrrp_instance").values()).isFalse();
  }

  @Test
  void everyCheckTheReaderTakesIsAKeyword() {
    Grammar.Block server = block("virtual_server", "real_server");
    for (String check :
        List.of(
            "HTTP_GET",
            "SSL_GET",
            "TCP_CHECK",
            "SMTP_CHECK",
            "DNS_CHECK",
            "MISC_CHECK",
            "BFD_CHECK",
            "UDP_CHECK",
            "PING_CHECK",
            "FILE_CHECK")) {
      assertThat(CheckerForm.takes(check)).as(check).isTrue();
      assertThat(server.block(check)).as(check).isPresent();
    }
    assertThat(CheckerForm.takes("real_server")).isFalse();
  }
}
