// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import static io.lvstun.Scheduler.WLC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.AddressFamily;
import io.lvstun.IpAddress;
import io.lvstun.network.MarkAllocator;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SteeringMapTest {

  @TempDir Path folder;

  private static Pool pool(String name, int host) {
    return Pool.of(name, s -> s.scheduler(WLC).addRealServer("192.168.9." + host).tunnel());
  }

  private GeoDatabase countries() {
    return GeoDatabase.open(
        new MmdbWriter(6, "Test-Country")
            .country("1.0.0.0/24", "CN")
            .country("1.0.1.0/24", "JP")
            .country("1.0.2.0/24", "DE")
            .country("2001:db8::/32", "CN")
            .write(folder.resolve("country.mmdb")));
  }

  private GeoDatabase systems() {
    return GeoDatabase.open(
        new MmdbWriter(4, "Test-ASN")
            .put("1.0.0.128/25", Map.of("autonomous_system_number", 64500L))
            .put("9.0.0.0/24", Map.of("autonomous_system_number", 64500L))
            .write(folder.resolve("asn.mmdb")));
  }

  private static Steering web() {
    return Steering.tcp("192.168.1.200", 80, pool("world", 1)).pool(pool("asia", 2));
  }

  @Test
  void neighboursOfOnePoolAreOneRange() {
    SteeringMap map =
        SteeringMap.of(
            web().send(Match.countries("CN", "JP"), "asia"),
            List.of(countries()),
            MarkAllocator.of(0x1000, 16));
    assertThat(map.ranges()).isEqualTo(1);
    assertThat(map.marks())
        .containsExactly(Map.entry("world", 0x1000L), Map.entry("asia", 0x1001L));
    assertThat(map.services().toString()).contains("FWM 4096 wlc", "FWM 4097 wlc", "192.168.9.2:0");
    assertThat(map.explain(ClientPacket.from("1.0.1.9")))
        .hasToString(
            "asia (mark 0x1001) by rule 0: countries CN JP -> asia; [1.0.1.0/24 JP ("
                + folder.resolve("country.mmdb")
                + ")]");
    assertThat(map.explain(ClientPacket.from("1.0.2.9")).pool()).isEqualTo("world");
    assertThat(map.explain(ClientPacket.from("9.9.9.9")).rule()).isEmpty();
  }

  @Test
  void theFirstRuleThatAppliesDecides() {
    SteeringMap map =
        SteeringMap.of(
            web()
                .pool(pool("vip", 3))
                .send(Match.networks("1.0.0.0/25"), "vip")
                .send(Match.dscp(46), "vip")
                .send(Match.countries("CN"), "asia")
                .send(Match.networks("1.0.0.0/16"), "world"),
            List.of(countries()),
            MarkAllocator.of(1, 16));
    assertThat(map.explain(ClientPacket.from("1.0.0.1")).pool()).isEqualTo("vip");
    Explanation unsure = map.explain(ClientPacket.from("1.0.0.200"));
    assertThat(unsure.pool()).isEqualTo("asia");
    assertThat(unsure.undecided()).containsExactly(1);
    assertThat(map.explain(ClientPacket.from("1.0.0.200").dscp(46)).pool()).isEqualTo("vip");
    assertThat(map.explain(ClientPacket.from("1.0.0.200").dscp(0)).undecided()).isEmpty();
  }

  @Test
  void severalDatabasesTellTogether() {
    SteeringMap map =
        SteeringMap.of(
            web()
                .pool(pool("isp", 3))
                .send(Match.autonomousSystems(64500), "isp")
                .send(Match.countries("CN"), "asia"),
            List.of(countries(), systems()),
            MarkAllocator.of(1, 16));
    assertThat(map.explain(ClientPacket.from("1.0.0.1")).pool()).isEqualTo("asia");
    assertThat(map.explain(ClientPacket.from("1.0.0.129")).pool()).isEqualTo("isp");
    assertThat(map.explain(ClientPacket.from("1.0.0.129")).lines()).hasSize(2);
    assertThat(map.explain(ClientPacket.from("9.0.0.1")).pool()).isEqualTo("isp");
    assertThat(map.ranges()).isEqualTo(3);
  }

  @Test
  void theNearestNodeWinsAndTiesGoToTheFirst() {
    GeoDatabase cities =
        GeoDatabase.open(
            new MmdbWriter(4, "Test-City")
                .put("1.0.0.0/24", Map.of("latitude", 39.9, "longitude", 116.4))
                .put("1.0.1.0/24", Map.of("latitude", 52.5, "longitude", 13.4))
                .put("1.0.2.0/24", Map.of("latitude", 0.0, "longitude", 0.0))
                .write(folder.resolve("city.mmdb")));
    SteeringMap map =
        SteeringMap.of(
            web()
                .sendNearest(
                    new SteeringRule.Node("asia", new Coordinates(31.2, 121.5)),
                    new SteeringRule.Node("world", new Coordinates(48.9, 2.4)))
                .sendNearest(new SteeringRule.Node("world", new Coordinates(0, 1))),
            List.of(cities),
            MarkAllocator.of(1, 16));
    assertThat(map.explain(ClientPacket.from("1.0.0.1")).pool()).isEqualTo("asia");
    assertThat(map.explain(ClientPacket.from("1.0.1.1")).pool()).isEqualTo("world");
    Steering tie =
        web()
            .sendNearest(
                new SteeringRule.Node("asia", new Coordinates(10, 20)),
                new SteeringRule.Node("world", new Coordinates(10, -20)));
    assertThat(
            SteeringMap.of(tie, List.of(cities), MarkAllocator.of(1, 16))
                .explain(ClientPacket.from("1.0.2.1"))
                .pool())
        .isEqualTo("asia");
  }

  /** The map that the kernel gets and the explanation agree, whatever the rules. */
  @Test
  void layersDecideAsTheRulesDo() {
    long seed = Long.getLong("lvstun.seed", System.nanoTime());
    Random random = new Random(seed);
    String[] codes = {"CN", "JP", "DE", "US"};
    for (int round = 0; round < 300; round++) {
      int version = random.nextBoolean() ? 6 : 4;
      MmdbWriter writer = new MmdbWriter(version, "Test-Country");
      for (int i = 0; i < 20; i++) {
        writer.country(
            "10.0.0." + random.nextInt(32) * 8 + "/" + (29 + random.nextInt(4)),
            codes[random.nextInt(4)]);
      }
      for (String code : codes) {
        writer.country("10.0.9.0/24", code);
      }
      GeoDatabase database = GeoDatabase.open(writer.write(folder.resolve("random.mmdb")));
      Steering steering = web().pool(pool("third", 3));
      for (int i = 0; i < random.nextInt(6); i++) {
        String to = List.of("world", "asia", "third").get(random.nextInt(3));
        steering =
            random.nextBoolean()
                ? steering.send(Match.countries(codes[random.nextInt(4)]), to)
                : steering.send(
                    Match.networks("10.0.0." + random.nextInt(8) * 32 + "/27", "10.0.0.0/30"), to);
      }
      SteeringMap map = SteeringMap.of(steering, List.of(database), MarkAllocator.of(1, 16));
      for (int i = 0; i < 256; i++) {
        InetAddress client = IpAddress.parse("10.0.0." + i);
        int pool = 0;
        List<Layer> layers = map.layers();
        for (int layer = layers.size() - 1; layer >= 0; layer--) {
          AddressMap addresses =
              layers.get(layer) instanceof Layer.Places places
                  ? places.pools()
                  : ((Layer.Listed) layers.get(layer)).pools();
          int value = addresses.get(client);
          pool = value == AddressMap.NONE ? pool : value;
        }
        assertThat(map.mark(pool))
            .as("seed %d, client %s, %s", seed, client, steering)
            .isEqualTo(map.explain(ClientPacket.from(client)).mark());
      }
    }
  }

  @Test
  void whatCannotWorkIsRefusedWithTheReason() {
    MarkAllocator marks = MarkAllocator.of(1, 16);
    assertThatThrownBy(
            () -> SteeringMap.of(web().send(Match.countries("CN"), "asia"), List.of(), marks))
        .hasMessageContaining("needs a database that has countries, but there is no database");
    assertThatThrownBy(
            () ->
                SteeringMap.of(
                    web().send(Match.cities("Bonn"), "asia"), List.of(countries()), marks))
        .hasMessageContaining("cities", "Test-Country");
    assertThatThrownBy(() -> SteeringMap.of(web().pool(Pool.of("none", s -> s)), List.of(), marks))
        .hasMessageContaining("pool none must have a real server");
    assertThatThrownBy(
            () -> SteeringMap.of(web().pool(pool("a", 5).failover("nowhere")), List.of(), marks))
        .hasMessageContaining("cannot fail over to nowhere");
    assertThatThrownBy(() -> SteeringMap.of(web(), List.of(), MarkAllocator.of(1, 1)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(
            () -> SteeringMap.of(web(), List.of(), marks).explain(ClientPacket.from("2001:db8::1")))
        .hasMessageContaining("source must be an IPv4 address");
  }

  @Test
  void anIpv6AddressHasServicesOfItsFamily() {
    Steering steering =
        Steering.tcp("2001:db8::200", 80, pool("world", 1))
            .pool(pool("asia", 2))
            .send(Match.countries("CN"), "asia");
    SteeringMap map = SteeringMap.of(steering, List.of(countries()), MarkAllocator.of(1, 16));
    assertThat(map.services().get(0).key().family()).isEqualTo(AddressFamily.IPV6);
    assertThat(map.explain(ClientPacket.from("2001:db8::77")).pool()).isEqualTo("asia");
  }
}
