// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lvstun.host.SetQueues.Type;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a stand-in for ethtool that prints what the real one does. */
class SetQueuesTest {

  private static final String ETHTOOL =
      """
      cd "$ROOT"
      if [ "$1" = -l ]; then
        [ -e combined ] || { echo "netlink error: Operation not supported" >&2; exit 1; }
        printf 'Channel parameters for %s:\\nPre-set maximums:\\nRX:\\t\\tn/a\\nTX:\\t\\t8\\n' "$2"
        printf 'Other:\\t\\t1\\nCombined:\\t8\\nCurrent hardware settings:\\nRX:\\t\\tn/a\\n'
        printf 'TX:\\t\\t2\\nOther:\\t\\t1\\nCombined:\\t%s\\n' "$(cat combined)"
      elif [ "$4" -gt 8 ]; then
        echo "netlink error: requested channel count exceeds maximum (offset 36)" >&2
        exit 1
      else
        echo "$4" >combined
      fi
      """;

  @TempDir Path folder;
  private FolderHost host;

  @BeforeEach
  void cardHasEightQueuesAndUsesTwo() {
    host = new FolderHost(folder).program("ethtool", ETHTOOL).program("ip", "[ \"$4\" = eth0 ]");
    host.write("combined", "2\n");
  }

  @Test
  void countIsSetAndSetBack() {
    SetQueues change = SetQueues.combined("eth0", 4);
    assertThat(change.text()).isEqualTo("ethtool -L eth0 combined 4");
    AppliedChange applied = change.apply(host);
    assertThat(host.read("combined")).isEqualTo("4\n");
    assertThat(change.holds(host)).isTrue();
    applied.undo();
    assertThat(host.read("combined")).isEqualTo("2\n");
    assertThat(change.risk()).isEqualTo(Risk.DISRUPTIVE);
    assertThat(change.atBoot()).isTrue();
  }

  @Test
  void currentNumberIsReadAndNotTheMaximum() {
    assertThat(new SetQueues("eth0", Type.TX, 2).holds(host)).isTrue();
    assertThat(new SetQueues("eth0", Type.TX, 8).holds(host)).isFalse();
  }

  @Test
  void whatTheCardDoesNotHaveIsSaid() {
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> new SetQueues("eth0", Type.RX, 2).apply(host))
        .withMessageContaining("eth0 has no queues of the kind rx: see ethtool -l eth0");
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> SetQueues.combined("eth0", 9).apply(host))
        .withMessageContaining("exceeds maximum");
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> SetQueues.combined("eth1", 4).apply(host))
        .withMessageContaining("not present on this host");
    assertThat(folder.resolve("combined").toFile().delete()).isTrue();
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> SetQueues.combined("eth0", 4).apply(host))
        .withMessageContaining("Operation not supported");
  }

  @Test
  void countOutOfRangeIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> SetQueues.combined("eth0", 0));
    assertThatIllegalArgumentException().isThrownBy(() -> SetQueues.combined("eth0", 4097));
    assertThatIllegalArgumentException().isThrownBy(() -> SetQueues.combined("e;h", 1));
  }
}
