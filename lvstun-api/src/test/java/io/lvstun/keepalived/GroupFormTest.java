// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.IpAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GroupFormTest {

  private final List<ImportLoss> losses = new ArrayList<>();

  private List<GroupForm.Entry> read(String... words) {
    SourcePosition place = new SourcePosition("/k", 1, 1);
    Statement value =
        new Statement(
            Arrays.stream(words).map(word -> new Word(word, place)).toList(), true, List.of());
    return GroupForm.read(
        new StatementReader(losses),
        new Statement(List.of(new Word("virtual_server_group", place)), true, List.of(value)));
  }

  private List<String> addresses(String range) {
    return read(range, "80").stream()
        .map(entry -> IpAddress.format(entry.address().orElseThrow()))
        .toList();
  }

  @Test
  void rangesIncludeTheirEnds() {
    assertThat(addresses("192.0.2.254-255")).containsExactly("192.0.2.254", "192.0.2.255");
    assertThat(addresses("192.0.2.255-192.0.3.0")).containsExactly("192.0.2.255", "192.0.3.0");
    assertThat(addresses("2001:db8::fffe-ffff"))
        .containsExactly("2001:db8::fffe", "2001:db8::ffff");
    assertThat(addresses("2001:db8::ffff-2001:db8::1:0"))
        .containsExactly("2001:db8::ffff", "2001:db8::1:0");
    assertThat(addresses("255.255.255.254/31"))
        .containsExactly("255.255.255.254", "255.255.255.255");
    assertThat(addresses("0.0.0.0/31")).containsExactly("0.0.0.0", "0.0.0.1");
    assertThat(losses).isEmpty();
  }

  @Test
  void networksHoldAtMostTwoToTheSixteenAddresses() {
    assertThat(addresses("10.1.2.3/16"))
        .hasSize(65536)
        .startsWith("10.1.0.0")
        .endsWith("10.1.255.255");
    assertThat(addresses("2001:db8::5/112")).hasSize(65536);
    assertThat(addresses("10.0.0.0/15")).isEmpty();
    assertThat(addresses("10.0.0.0-10.1.0.0")).isEmpty();
    assertThat(losses)
        .extracting(ImportLoss::reason)
        .containsExactly(
            "prefix length must be 16 to 32, not 15",
            "a range must have 1 to 65536 addresses, not 65537");
  }

  @Test
  void wrongRangesAreListedInWordsOfTheFile() {
    for (String bad :
        List.of(
            "192.0.2.2-1",
            "192.0.2.1-256",
            "192.0.2.1-x",
            "192.0.2.1-\u001b[2J",
            "192.0.2.1-",
            "192.0.2.1/x",
            "2001:db8::1-g",
            "2001:db8::1-10000",
            "192.0.2.1-2001:db8::1",
            "192.0.2.1-::192.0.2.5",
            "2001:db8::1-192.0.2.1")) {
      losses.clear();
      assertThat(addresses(bad)).as(bad).isEmpty();
      assertThat(losses).as(bad).hasSize(1);
      assertThat(losses.get(0).reason())
          .as(bad)
          .doesNotContain("For input string")
          .doesNotContain("\u001b");
    }
  }

  @Test
  void marksHaveAFamilyAndPortsARange() {
    assertThat(read("fwmark", "4294967295", "inet6"))
        .containsExactly(
            new GroupForm.Entry(Optional.empty(), 0, 0xffff_ffffL, Optional.of("inet6")));
    assertThat(read("192.0.2.1")).extracting(GroupForm.Entry::port).containsExactly(0);
    assertThat(losses).isEmpty();
    assertThat(read("fwmark", "0")).isEmpty();
    assertThat(read("fwmark")).isEmpty();
    assertThat(read("192.0.2.1", "65536")).isEmpty();
    assertThat(losses).hasSize(3);
  }
}
