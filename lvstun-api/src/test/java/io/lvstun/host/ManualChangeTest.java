// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManualChangeTest {

  private final ManualChange change = new ManualChange("Call the provider; then 'ip' it.");

  @Test
  void textIsForAPersonAndNotQuotedForAShell() {
    assertThat(change.text()).isEqualTo("Call the provider; then 'ip' it.");
    assertThat(change.command()).isEmpty();
    assertThat(change.undo()).isEmpty();
    assertThat(change.risk()).isEqualTo(Risk.MANUAL);
  }

  @Test
  void applyingItRunsNothing() {
    Host host = mock(Host.class);
    when(host.specification()).thenReturn("local");
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> change.apply(host))
        .withMessageContaining("a person has to do it");
    verify(host, never()).run(org.mockito.ArgumentMatchers.any());
  }

  @Test
  void itNeverCountsAsDone(@TempDir Path folder) {
    assertThat(change.holds(new FolderHost(folder))).isFalse();
  }
}
