// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class EthernetCardTest {

  @Test
  void pairedQueuesAndOnesOfTheirOwnAddUp() {
    EthernetCard card =
        EthernetCard.parse(
                """
                ## channels eth0
                Pre-set maximums:
                RX:		2
                Combined:	63
                Current hardware settings:
                RX:		1
                Combined:	4
                """)
            .get(0);
    assertThat(card.receiveQueues()).hasValue(5);
    assertThat(card.mostReceiveQueues()).hasValue(65);
    assertThat(card.ringsNow()).isEmpty();
    assertThat(card.driver()).isEmpty();
  }

  @Test
  void numbersThatAreNoneOrTooLargeAreLeftOut() {
    EthernetCard card =
        EthernetCard.parse(
                """
                ## rings eth0
                Pre-set maximums:
                RX: n/a
                TX: 99999999999999999999
                Current hardware settings:
                RX: -1
                TX
                ## statistics eth0
                     [0]: rx_packets: 5
                     rx_bytes: 18446744073709551615
                     rx_errors: -3
                """)
            .get(0);
    assertThat(card.ringsMost()).isEmpty();
    assertThat(card.ringsNow()).isEmpty();
    assertThat(card.statistics()).containsExactly(entry("[0]: rx_packets", 5L));
  }

  @Test
  void headThatNamesNoDeviceBelongsToNone() {
    assertThat(EthernetCard.parse("## features\nrx: on\n## a b c\nrx: on\nrx: on\n")).isEmpty();
    assertThat(EthernetCard.parse("")).isEmpty();
  }

  @Test
  void featureIsOnOffOrNotThere() {
    EthernetCard card =
        EthernetCard.parse("## features e\na: on\nb: off [fixed]\nc: on [requested off]\na: off\n")
            .get(0);
    assertThat(card.on("a")).contains(true);
    assertThat(card.on("b")).contains(false);
    assertThat(card.fixed("b")).isTrue();
    assertThat(card.fixed("c")).isFalse();
    assertThat(card.fixed("d")).isFalse();
    assertThat(card.on("d")).isEmpty();
  }

  @Test
  void ethtoolIsUnderstood() {
    List<EthernetCard> cards =
        EthernetCard.parse(
            """
            ## features ens192
            Features for ens192:
            rx-checksumming: on
            large-receive-offload: on [fixed]
            generic-receive-offload: off
            ## driver ens192
            driver: vmxnet3
            version: 1.7.0.0-k-NAPI
            ## channels ens192
            Channel parameters for ens192:
            Pre-set maximums:
            RX:		8
            TX:		8
            Other:		n/a
            Combined:	n/a
            Current hardware settings:
            RX:		4
            TX:		4
            Other:		n/a
            Combined:	n/a
            ## rings ens192
            Ring parameters for ens192:
            Pre-set maximums:
            RX:		4096
            Current hardware settings:
            RX:		1024
            ## statistics ens192
            NIC statistics:
                 Tx Queue#: 0
                   TSO pkts tx: 12
                 drv dropped rx total: 7
            ## features veth1
            netlink error: Operation not supported
            """);
    EthernetCard card = cards.get(0);
    assertThat(card.driver()).isEqualTo("vmxnet3");
    assertThat(card.on("large-receive-offload")).contains(true);
    assertThat(card.fixed("large-receive-offload")).isTrue();
    assertThat(card.on("generic-receive-offload")).contains(false);
    assertThat(card.on("none")).isEmpty();
    assertThat(card.receiveQueues()).isEqualTo(OptionalInt.of(4));
    assertThat(card.mostReceiveQueues()).isEqualTo(OptionalInt.of(8));
    assertThat(card.ringsNow()).containsEntry("RX", 1024);
    assertThat(card.ringsMost()).containsEntry("RX", 4096);
    assertThat(card.statistics()).containsEntry("drv dropped rx total", 7L);
    assertThat(cards.get(1).driver()).isEmpty();
    assertThat(cards.get(1).receiveQueues()).isEmpty();
  }
}
