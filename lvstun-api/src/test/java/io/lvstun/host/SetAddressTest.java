// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lvstun.IpAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SetAddressTest {

  private static final String IP =
      """
      cd "$ROOT"
      case "$*" in
      "address show dev lo") cat addresses ;;
      "address show dev "*) exit 1 ;;
      "address add "*) echo "    inet $3 scope global lo" >>addresses ;;
      "address delete "*) grep -v " $3 " addresses >new; mv new addresses ;;
      *) exit 2 ;;
      esac
      """;

  @TempDir Path folder;

  private FolderHost host() {
    FolderHost host = new FolderHost(folder).program("ip", IP);
    host.write("addresses", "    inet 127.0.0.1/8 scope host lo\n");
    return host;
  }

  @Test
  void addressIsAddedAndDeleted() {
    HostChangeTest.check(
        SetAddress.present("lo", IpAddress.parse("2001:db8::1"), 128),
        "ip address add 2001:db8::1/128 dev lo nodad preferred_lft 0",
        "ip address delete 2001:db8::1/128 dev lo",
        HostChange.ABSENT,
        "run ip address add 2001:db8::1/128 dev lo nodad preferred_lft 0",
        "run ip address delete 2001:db8::1/128 dev lo");
    HostChangeTest.check(
        SetAddress.absent("eth0", IpAddress.parse("192.0.2.1"), 24),
        "ip address delete 192.0.2.1/24 dev eth0",
        "ip address add 192.0.2.1/24 dev eth0",
        HostChange.PRESENT,
        "run ip address delete 192.0.2.1/24 dev eth0",
        "run ip address add 192.0.2.1/24 dev eth0");
  }

  @Test
  void sameAddressWithAnotherPrefixIsAnother() {
    FolderHost host = host();
    assertThat(new SetAddress("lo", "127.0.0.1", 32, true).holds(host)).isFalse();
    assertThat(new SetAddress("lo", "127.0.0.1", 8, true).holds(host)).isTrue();
    assertThat(new SetAddress("lo", "127.0.0.1", 8, false).holds(host)).isFalse();
  }

  @Test
  void addressThatWasThereIsNotTakenAwayByTheUndo() {
    FolderHost host = host();
    AppliedChange applied = new SetAddress("lo", "127.0.0.1", 8, true).apply(host);
    assertThat(applied.undo()).isFalse();
    assertThat(host.read("addresses")).contains("127.0.0.1/8");
  }

  @Test
  void othersStayWhereOneIsTakenAwayAndPutBack() {
    FolderHost host = host();
    var unused = new SetAddress("lo", "192.0.2.1", 32, true).apply(host);
    AppliedChange gone = new SetAddress("lo", "192.0.2.1", 32, false).apply(host);
    assertThat(host.read("addresses")).isEqualTo("    inet 127.0.0.1/8 scope host lo\n");
    assertThat(gone.undo()).isTrue();
    assertThat(host.read("addresses")).contains(" 192.0.2.1/32 ");
  }

  @Test
  void deviceThatIsNotThereIsSaid() {
    FolderHost host = host();
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> new SetAddress("eth9", "192.0.2.1", 32, true).apply(host))
        .withMessageContaining("not present on this host");
  }

  @ParameterizedTest
  @CsvSource({
    "lo, 192.0.2.1, 33",
    "lo, 192.0.2.1, -1",
    "lo, 2001:db8::1, 129",
    "lo, example.org, 32",
    "lo, 192.0.2, 24",
    "'lo;id', 192.0.2.1, 32",
    "lo, '192.0.2.1;id', 32"
  })
  void whatIsNoAddressOfADeviceIsRefused(String device, String address, int prefixLength) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SetAddress(device, address, prefixLength, true));
  }
}
