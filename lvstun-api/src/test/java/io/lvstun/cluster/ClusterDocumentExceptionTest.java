// SPDX-License-Identifier: Apache-2.0
package io.lvstun.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClusterDocumentExceptionTest {

  @Test
  void placeIsFileLineAndField() {
    ClusterDocumentException e =
        new ClusterDocumentException("cluster.yaml", 7, "nodes[0].host", "must be text", null);
    assertThat(e).hasMessage("cluster.yaml:7: nodes[0].host must be text").hasNoCause();
    assertThat(e.line()).isEqualTo(7);
    assertThat(e.field()).isEqualTo("nodes[0].host");
    assertThat(new ClusterDocumentException("c", 1, "", "the document is empty", null))
        .hasMessage("c:1: the document is empty");
  }
}
