// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class IpSetTest {

  @Test
  void setsAreUnderstood() {
    assertThat(
            IpSet.parse(
                """
                Name: geo
                Type: hash:net
                Revision: 7
                Header: family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x2a
                Size in memory: 448
                References: 0
                Number of entries: 17

                Name: ports
                Type: bitmap:port
                Header: range 0-1024
                Number of entries: 0
                """))
        .containsExactly(
            new IpSet("geo", "hash:net", OptionalLong.of(17), OptionalLong.of(65536)),
            new IpSet("ports", "bitmap:port", OptionalLong.of(0), OptionalLong.empty()));
    assertThat(IpSet.parse("")).isEmpty();
  }

  @Test
  void listIsNoSetUntilItsNameIsKnown() {
    assertThat(IpSet.parse("Type: hash:ip\nNumber of entries: 3\n\nName\nName:\n")).isEmpty();
  }

  @Test
  void numbersThatAreNoneAreNotKnown() {
    assertThat(
            IpSet.parse(
                "Name: a\n"
                    + "Type: hash:ip\n"
                    + "Header: maxelem x\n"
                    + "Number of entries: 99999999999999999999\n"
                    + "Name: b\n"
                    + "Header: maxelem\n"))
        .extracting(IpSet::entries)
        .containsOnly(OptionalLong.empty());
  }
}
