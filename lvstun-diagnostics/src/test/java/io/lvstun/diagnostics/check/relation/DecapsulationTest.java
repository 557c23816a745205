// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.relation;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.IpAddress;
import io.lvstun.diagnostics.facts.link.LinkFacts;
import io.lvstun.diagnostics.facts.link.LinkParser;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DecapsulationTest {

  private static final Set<InetAddress> DIRECTOR = Set.of(IpAddress.parse("192.0.2.1"));
  private static final Set<InetAddress> SERVER = Set.of(IpAddress.parse("192.0.2.2"));

  private static String device(String name, String ends) {
    return "{\"ifname\":\""
        + name
        + "\",\"ifindex\":"
        + name.length()
        + ",\"flags\":[\"UP\"],\"linkinfo\":"
        + "{\"info_kind\":\"ipip\",\"info_data\":{"
        + ends
        + "}}}";
  }

  private static String local(String address) {
    return "\"local\":\"" + address + "\"";
  }

  private static String remote(String address) {
    return "\"remote\":\"" + address + "\"";
  }

  private static Optional<String> winner(String... devices) {
    return Decapsulation.ipip(
            LinkParser.parse("[" + String.join(",", devices) + "]", "", ""), DIRECTOR, SERVER)
        .device()
        .map(LinkFacts::name);
  }

  /** The order of ip_tunnel_lookup: each of these goes before all that follow. */
  @Test
  void kernelsOrderIsKept() {
    List<String> order =
        List.of(
            device("both", local("192.0.2.2") + "," + remote("192.0.2.1")),
            device("remote", remote("192.0.2.1")),
            device("local", local("192.0.2.2")),
            device("any", local("any")),
            device("external", "\"external\":true"),
            device("tunl0", local("any")));
    List<String> names = List.of("both", "remote", "local", "any", "external", "tunl0");
    for (int i = 0; i < order.size(); i++) {
      List<String> rest = new ArrayList<>(order.subList(i, order.size()));
      Collections.shuffle(rest, new Random(i));
      assertThat(winner(rest.toArray(String[]::new))).contains(names.get(i));
    }
  }

  @Test
  void deviceForOthersTakesNothing() {
    String foreign = device("foreign", remote("198.51.100.1"));
    assertThat(winner(foreign)).isEmpty();
    assertThat(winner(foreign, device("tunl0", local("any")))).contains("tunl0");
    assertThat(winner(device("mpls", "\"proto\":\"mplsip\""), device("tunl0", local("any"))))
        .contains("tunl0");
  }

  @Test
  void deviceThatIsDownIsTheLastChoice() {
    String down =
        device("both", local("192.0.2.2") + "," + remote("192.0.2.1")).replace("\"UP\"", "");
    assertThat(winner(down, device("tunl0", local("any")))).contains("tunl0");
    assertThat(winner(down)).contains("both");
    assertThat(winner()).isEmpty();
  }
}
