// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static io.lvstun.Scheduler.RR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class VirtualServiceTest {

  private static final VirtualService WEB = VirtualService.tcp("192.0.2.1", 80);

  @Nested
  final class Keys {

    @Test
    void factoriesMakeTheirKeys() {
      assertThat(WEB.key()).isEqualTo(ServiceKey.tcp("192.0.2.1", 80));
      assertThat(VirtualService.udp("192.0.2.1", 53).key())
          .isEqualTo(ServiceKey.udp("192.0.2.1", 53));
      assertThat(VirtualService.sctp("2001:db8::1", 1).key())
          .isEqualTo(ServiceKey.sctp("2001:db8::1", 1));
      assertThat(VirtualService.fwmark(7).key()).isEqualTo(ServiceKey.fwmark(7));
      assertThat(VirtualService.fwmark6(7).key()).isEqualTo(ServiceKey.fwmark6(7));
    }

    @Test
    void literalsAndAddressesMakeTheSame() {
      var address = IpAddress.parse("192.0.2.1");
      assertThat(VirtualService.tcp(address, 80)).isEqualTo(WEB);
      assertThat(VirtualService.udp(address, 80)).isEqualTo(VirtualService.udp("192.0.2.1", 80));
      assertThat(VirtualService.sctp(address, 80)).isEqualTo(VirtualService.sctp("192.0.2.1", 80));
    }

    @Test
    void defaultsAreThoseOfIpvsadm() {
      assertThat(WEB.scheduler()).isEqualTo(Scheduler.WLC);
      assertThat(WEB.persistence()).isEmpty();
      assertThat(WEB.onePacket()).isFalse();
      assertThat(WEB.realServers()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65536, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void portOutOfRangeIsRefused(int port) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> VirtualService.tcp("192.0.2.1", port))
          .withMessage("port must be 1 to 65535, not " + port);
    }

    @Test
    void portZeroPointsToServicesForEveryPort() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> VirtualService.udp("192.0.2.1", 0))
          .withMessage(
              "port must be 1 to 65535, not 0: a service for every port is made by allPorts(...)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "224.0.0.1", "255.255.255.255", "::", "ff02::1"})
    void vipThatIsNotUnicastIsRefused(String address) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> VirtualService.tcp(address, 80))
          .withMessage("address of a virtual service must be a unicast address, not " + address);
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  VirtualService.allPorts(
                      Protocol.TCP, address, Persistence.of(Duration.ofSeconds(1))))
          .withMessageContaining("unicast");
    }

    @Test
    void hostNameIsRefused() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> VirtualService.tcp("www.example.com", 80))
          .withMessageContaining("host names are not looked up");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 4294967296L})
    void markOutOfRangeIsRefused(long mark) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> VirtualService.fwmark(mark))
          .withMessage("mark must be 1 to 4294967295, not " + mark);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> VirtualService.fwmark6(mark))
          .withMessage("mark must be 1 to 4294967295, not " + mark);
    }

    @Test
    void marksHave32Bits() {
      assertThat(VirtualService.fwmark(4294967295L).key())
          .isEqualTo(ServiceKey.fwmark(4294967295L));
    }

    @Test
    void nullsAreRefused() {
      assertThatNullPointerException().isThrownBy(() -> VirtualService.tcp((String) null, 80));
      assertThatNullPointerException().isThrownBy(() -> WEB.scheduler(null));
      assertThatNullPointerException().isThrownBy(() -> WEB.persistence((Persistence) null));
      assertThatNullPointerException().isThrownBy(() -> WEB.addRealServer((RealServer) null));
    }
  }

  @Nested
  final class Options {

    @Test
    void eachCopyLeavesTheOriginal() {
      VirtualService udp = VirtualService.udp("192.0.2.1", 53);
      String before = udp.toString();
      VirtualService changed =
          udp.scheduler(RR)
              .persistence(Duration.ofSeconds(60))
              .onePacket(true)
              .addRealServer("198.51.100.1")
              .tunnel();
      assertThat(changed).isNotEqualTo(udp);
      assertThat(udp).hasToString(before);
      assertThat(udp.scheduler()).isEqualTo(Scheduler.WLC);
      assertThat(udp.realServers()).isEmpty();
    }

    @Test
    void orderOfOptionsDoesNotMatter() {
      VirtualService udp = VirtualService.udp("192.0.2.1", 53);
      Persistence minute = Persistence.of(Duration.ofMinutes(1));
      VirtualService one =
          udp.scheduler(RR)
              .persistence(minute)
              .onePacket(true)
              .addRealServer("198.51.100.1")
              .weight(2)
              .thresholds(9, 3)
              .tunnel();
      VirtualService other =
          udp.addRealServer("198.51.100.1")
              .thresholds(9, 3)
              .weight(2)
              .tunnel()
              .onePacket(true)
              .persistence(minute)
              .scheduler(RR);
      assertThat(one).isEqualTo(other).hasSameHashCodeAs(other).hasToString(other.toString());
    }

    @Test
    void persistenceCanBeTakenBack() {
      VirtualService persistent = WEB.persistence(Duration.ofSeconds(60));
      assertThat(persistent.persistence()).contains(Persistence.of(Duration.ofSeconds(60)));
      assertThat(persistent.withoutPersistence()).isEqualTo(WEB);
    }

    @Test
    void persistenceMustFitTheFamily() {
      Persistence minute = Persistence.of(Duration.ofMinutes(1));
      VirtualService v6 = VirtualService.tcp("2001:db8::1", 80);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> WEB.persistence(minute.prefixLength(33)))
          .withMessage("prefix length of an IPv4 service must be 0 to 32, not 33");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> v6.persistence(minute.prefixLength(0)))
          .withMessage("prefix length of an IPv6 service must be 1 to 128, not 0");
      for (String mask : List.of("255.255.255.0", "255.0.255.0", "255.255.255.255")) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> v6.persistence(minute.netmask(mask)))
            .withMessage(
                "netmask "
                    + mask
                    + " is for IPv4 services; an IPv6 service takes a prefix length of 1 to 128");
      }
    }

    @Test
    void masksOfTheSameMeaningAreEqualInAService() {
      Persistence minute = Persistence.of(Duration.ofMinutes(1));
      assertThat(WEB.persistence(minute.netmask("255.255.255.0")))
          .isEqualTo(WEB.persistence(minute.prefixLength(24)));
      assertThat(WEB.persistence(minute.netmask("255.255.255.255")))
          .isEqualTo(WEB.persistence(minute.prefixLength(32)))
          .isEqualTo(WEB.persistence(minute));
      VirtualService v6 = VirtualService.fwmark6(1);
      assertThat(v6.persistence(minute.prefixLength(128))).isEqualTo(v6.persistence(minute));
    }

    @Test
    void onePacketIsForUdpAndMarks() {
      assertThat(VirtualService.udp("192.0.2.1", 53).onePacket(true).onePacket()).isTrue();
      assertThat(VirtualService.fwmark(1).onePacket(true).onePacket()).isTrue();
      assertThat(WEB.onePacket(false)).isEqualTo(WEB);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> WEB.onePacket(true))
          .withMessage(
              "one-packet scheduling needs a UDP or firewall-mark service, not TCP 192.0.2.1:80");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> VirtualService.sctp("192.0.2.1", 80).onePacket(true))
          .withMessageContaining("SCTP");
    }

    @Test
    void serviceForEveryPortStaysPersistent() {
      Persistence hour = Persistence.of(Duration.ofHours(1));
      VirtualService all = VirtualService.allPorts(Protocol.TCP, "192.0.2.1", hour);
      assertThat(all.key()).isEqualTo(ServiceKey.tcp("192.0.2.1", 0));
      assertThatIllegalArgumentException()
          .isThrownBy(all::withoutPersistence)
          .withMessage(
              "persistence of TCP 192.0.2.1:0 must stay: a service for every port needs it");
      assertThat(VirtualService.fwmark(1).persistence(hour).withoutPersistence())
          .isEqualTo(VirtualService.fwmark(1));
    }

    @Test
    void serviceForEveryPortHasAProtocolThatIsBalanced() {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  VirtualService.allPorts(
                      Protocol.of(47), "192.0.2.1", Persistence.of(Duration.ofSeconds(1))))
          .withMessage("protocol must be TCP, UDP or SCTP, not proto-47");
    }
  }

  @Nested
  final class RealServers {

    @Test
    void firstExampleOfTheDocumentation() {
      VirtualService web =
          VirtualService.tcp("192.168.1.200", 80)
              .scheduler(RR)
              .addRealServer("192.168.2.101")
              .tunnel()
              .addRealServer("192.168.3.102")
              .weight(2)
              .tunnel();
      assertThat(web)
          .hasToString(
              "TCP 192.168.1.200:80 rr"
                  + " [192.168.2.101:80 Tunnel 1, 192.168.3.102:80 Tunnel 2]");
    }

    @Test
    void serverTakesThePortOfTheService() {
      assertThat(WEB.addRealServer("198.51.100.1").tunnel().realServers())
          .containsExactly(RealServer.tunnel("198.51.100.1").port(80));
      assertThat(VirtualService.fwmark(1).addRealServer("198.51.100.1").tunnel().realServers())
          .containsExactly(RealServer.tunnel("198.51.100.1"));
    }

    @Test
    void stepsSetEverything() {
      RealServer server =
          WEB.addRealServer(IpAddress.parse("198.51.100.1"))
              .weight(0)
              .port(8080)
              .thresholds(2147483647, 2147483647)
              .masquerade()
              .realServers()
              .get(0);
      assertThat(server)
          .isEqualTo(
              new RealServer(
                  IpAddress.parse("198.51.100.1"),
                  8080,
                  Forwarding.MASQUERADE,
                  0,
                  2147483647,
                  2147483647));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65536})
    void stepChecksTheWeight(int weight) {
      var step = WEB.addRealServer("198.51.100.1");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> step.weight(weight))
          .withMessage("weight must be 0 to 65535, not " + weight);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 65536})
    void stepChecksThePort(int port) {
      var step = WEB.addRealServer("198.51.100.1");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> step.port(port))
          .withMessage("port must be 1 to 65535, not " + port);
    }

    @Test
    void stepChecksTheThresholds() {
      var step = WEB.addRealServer("198.51.100.1");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> step.thresholds(5, 6))
          .withMessage("lower threshold must be 0 to 5, not 6");
    }

    @Test
    void stepMayBeUsedTwice() {
      var step = WEB.addRealServer("198.51.100.1").weight(5);
      assertThat(step.tunnel().realServers().get(0).forwarding()).isEqualTo(Forwarding.TUNNEL);
      assertThat(step.directRouting().realServers().get(0).forwarding())
          .isEqualTo(Forwarding.DIRECT_ROUTING);
      assertThat(step.weight(6).tunnel()).isNotEqualTo(step.tunnel());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "239.0.0.1", "255.255.255.255", "::", "ff05::1"})
    void serverThatIsNotUnicastIsRefused(String address) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> WEB.addRealServer(address))
          .withMessage("address of a real server must be a unicast address, not " + address);
      RealServer written = new RealServer(IpAddress.parse(address), 80, Forwarding.TUNNEL, 1, 0, 0);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> WEB.addRealServer(written))
          .withMessageContaining("unicast");
    }

    @ParameterizedTest
    @CsvSource({
      "tunnel, tunnelling",
      "directRouting, direct routing",
    })
    void portOfTunnelAndDirectRoutingIsTheServices(String method, String words) {
      RealServer server =
          (method.equals("tunnel")
                  ? RealServer.tunnel("198.51.100.1")
                  : RealServer.directRouting("198.51.100.1"))
              .port(81);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> WEB.addRealServer(server))
          .withMessage(
              "port of real server 198.51.100.1:81 must be the service's, 80: "
                  + words
                  + " cannot change it");
      assertThat(VirtualService.fwmark(1).addRealServer(server).realServers())
          .containsExactly(server);
    }

    @Test
    void serviceForEveryPortTakesNoPortsForTunnels() {
      VirtualService all =
          VirtualService.allPorts(
              Protocol.TCP, "192.0.2.1", Persistence.of(Duration.ofSeconds(60)));
      assertThat(all.addRealServer("198.51.100.1").tunnel().realServers().get(0).port()).isZero();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> all.addRealServer("198.51.100.1").port(80).tunnel())
          .withMessageContaining("must be the service's, 0");
      assertThat(
              all.addRealServer("198.51.100.1").port(80).masquerade().realServers().get(0).port())
          .isEqualTo(80);
    }

    @Test
    void onlyTunnelsMixFamilies() {
      assertThat(WEB.addRealServer("2001:db8::1").tunnel().realServers()).hasSize(1);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> WEB.addRealServer("2001:db8::1").directRouting())
          .withMessage(
              "real server 2001:db8::1 must be IPv4 like its service TCP 192.0.2.1:80: only tunnels"
                  + " mix families");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> VirtualService.fwmark6(1).addRealServer("198.51.100.1").masquerade())
          .withMessageContaining("must be IPv6 like its service FWM 1 IPv6");
    }

    @Test
    void foreignValuesAreRefused() {
      var address = IpAddress.parse("198.51.100.1");
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> WEB.addRealServer(new RealServer(address, 80, Forwarding.TUNNEL, 65536, 0, 0)))
          .withMessage("weight must be 0 to 65535, not 65536");
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  WEB.addRealServer(
                      new RealServer(address, 80, Forwarding.TUNNEL, 1, 2147483648L, 0)))
          .withMessage("upper threshold must be 0 to 2147483647, not 2147483648");
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  WEB.addRealServer(new RealServer(address, 80, new Forwarding.Other(4), 1, 0, 0)))
          .withMessage("forwarding must be tunnel, direct routing or masquerade, not Bypass");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> WEB.addRealServer("198.51.100.1").tunnel(new Encapsulation(1, 0, 0)))
          .withMessage("encapsulation must be ipip, gue (with a port) or gre, not gue:0:-c");
    }

    @Test
    void sameServerTwiceIsRefused() {
      VirtualService one = WEB.addRealServer("198.51.100.1").tunnel();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> one.addRealServer("198.51.100.1").weight(3).directRouting())
          .withMessage("real server 198.51.100.1:80 is already in TCP 192.0.2.1:80");
      RealServer server = RealServer.tunnel("198.51.100.2");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> one.addRealServers(List.of(server, server.weight(4))))
          .withMessageContaining("198.51.100.2:80 is already in");
    }

    @Test
    void manyServersAreAddedInOneStep() {
      List<RealServer> servers =
          List.of(RealServer.tunnel("198.51.100.1"), RealServer.masquerade("198.51.100.2"));
      assertThat(WEB.addRealServers(servers))
          .isEqualTo(
              WEB.addRealServer("198.51.100.1")
                  .tunnel()
                  .addRealServer("198.51.100.2")
                  .masquerade());
      assertThat(WEB.addRealServers(List.of())).isEqualTo(WEB);
    }

    @Test
    void serversAreRemovedByAddressOrKey() {
      VirtualService service =
          WEB.addRealServer("198.51.100.1")
              .tunnel()
              .addRealServer("198.51.100.1")
              .port(8080)
              .masquerade()
              .addRealServer("198.51.100.2")
              .tunnel();
      assertThat(service.removeRealServer("198.51.100.1"))
          .isEqualTo(WEB.addRealServer("198.51.100.2").tunnel());
      assertThat(service.removeRealServer(ServerKey.of("198.51.100.1", 8080)).realServers())
          .extracting(RealServer::port)
          .containsExactly(80, 80);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> service.removeRealServer("198.51.100.3"))
          .withMessage("real server 198.51.100.3 is not in TCP 192.0.2.1:80");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> service.removeRealServer(ServerKey.of("198.51.100.1", 81)))
          .withMessage("real server 198.51.100.1:81 is not in TCP 192.0.2.1:80");
    }

    @Test
    void serversAreEditedByAddressOrKey() {
      VirtualService service =
          WEB.addRealServer("198.51.100.1")
              .tunnel(Encapsulation.gue(6080).checksum())
              .addRealServer("198.51.100.2")
              .tunnel();
      VirtualService edited = service.realServer("198.51.100.1", server -> server.weight(9));
      assertThat(edited.realServers().get(0))
          .isEqualTo(
              RealServer.tunnel("198.51.100.1", Encapsulation.gue(6080).checksum())
                  .port(80)
                  .weight(9));
      assertThat(edited.realServers().get(1)).isEqualTo(service.realServers().get(1));
      assertThat(
              service.realServer(
                  ServerKey.of("198.51.100.2", 80), s -> s.forwarding(Forwarding.MASQUERADE)))
          .isEqualTo(
              service.removeRealServer("198.51.100.2").addRealServer("198.51.100.2").masquerade());
    }

    @Test
    void editMustFitTheService() {
      VirtualService service =
          WEB.addRealServer("198.51.100.1").tunnel().addRealServer("198.51.100.2").masquerade();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> service.realServer("198.51.100.1", s -> s.port(81)))
          .withMessageContaining("must be the service's, 80");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> service.realServer("198.51.100.9", s -> s))
          .withMessage("real server 198.51.100.9 is not in TCP 192.0.2.1:80");
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  service.realServer(
                      "198.51.100.2",
                      s ->
                          new RealServer(
                              IpAddress.parse("198.51.100.1"), 80, s.forwarding(), 1, 0, 0)))
          .withMessage("real server 198.51.100.1:80 is already in TCP 192.0.2.1:80");
    }

    @Test
    void withoutRealServersKeepsTheSettings() {
      assertThat(WEB.scheduler(RR).addRealServer("198.51.100.1").tunnel().withoutRealServers())
          .isEqualTo(WEB.scheduler(RR));
      assertThat(WEB.withoutRealServers()).isSameAs(WEB);
    }

    @Test
    void listIsImmutable() {
      VirtualService service = WEB.addRealServer("198.51.100.1").tunnel();
      assertThat(service.realServers()).isUnmodifiable();
      List<RealServer> mutable = new ArrayList<>(service.realServers());
      VirtualService observed =
          VirtualService.observed(WEB.key(), Scheduler.WLC, null, false, mutable);
      mutable.clear();
      assertThat(observed).isEqualTo(service);
    }
  }

  @Nested
  final class Equality {

    @Test
    void orderOfServersDoesNotMatter() {
      VirtualService one =
          WEB.addRealServer("198.51.100.1").tunnel().addRealServer("198.51.100.2").tunnel();
      VirtualService other =
          WEB.addRealServer("198.51.100.2").tunnel().addRealServer("198.51.100.1").tunnel();
      assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
      assertThat(one.realServers()).isNotEqualTo(other.realServers());
    }

    @Test
    void everythingElseDoes() {
      VirtualService service =
          VirtualService.udp("192.0.2.1", 53).addRealServer("198.51.100.1").tunnel();
      assertThat(
              List.of(
                  VirtualService.udp("192.0.2.1", 54).addRealServer("198.51.100.1").tunnel(),
                  VirtualService.tcp("192.0.2.1", 53).addRealServer("198.51.100.1").tunnel(),
                  VirtualService.udp("192.0.2.2", 53).addRealServer("198.51.100.1").tunnel(),
                  service.scheduler(RR),
                  service.scheduler(Scheduler.WLC.with(SchedulerFlag.FLAG_1)),
                  service.persistence(Duration.ofSeconds(1)),
                  service.onePacket(true),
                  service.withoutRealServers(),
                  service.addRealServer("198.51.100.2").tunnel(),
                  service.realServer("198.51.100.1", s -> s.weight(2)),
                  service.realServer("198.51.100.1", s -> s.thresholds(1, 0))))
          .doesNotContain(service)
          .doesNotHaveDuplicates();
      assertThat(service).isNotEqualTo(null).isNotEqualTo("x");
    }

    @Test
    void observedValuesEqualWantedOnes() {
      Persistence read = Persistence.observed(90, AddressFamily.IPV4, 0xffff_ff00, null);
      assertThat(
              VirtualService.observed(
                  WEB.key(),
                  new Scheduler("sh", Scheduler.flagsOf(0x10)),
                  read,
                  false,
                  List.of(
                      new RealServer(
                          IpAddress.parse("198.51.100.1"),
                          80,
                          Forwarding.observed(2, Encapsulation.gue(6080)),
                          5,
                          0,
                          0))))
          .isEqualTo(
              WEB.scheduler(Scheduler.SH.with(SchedulerFlag.SH_PORT))
                  .persistence(Persistence.of(Duration.ofSeconds(90)).netmask("255.255.255.0"))
                  .addRealServer("198.51.100.1")
                  .weight(5)
                  .tunnel(Encapsulation.gue(6080)));
    }

    @Test
    void observedValuesMayBreakTheRules() {
      ServiceKey key = new ServiceKey.Endpoint(Protocol.of(47), IpAddress.parse("0.0.0.0"), 0);
      VirtualService observed =
          VirtualService.observed(key, Scheduler.named("none"), null, true, List.of());
      assertThat(observed).hasToString("proto-47 0.0.0.0:0 none ops []");
    }
  }

  @Nested
  final class Text {

    @Test
    void toStringIsOneLine() {
      assertThat(WEB).hasToString("TCP 192.0.2.1:80 wlc []");
      assertThat(
              VirtualService.udp("2001:db8::1", 53)
                  .scheduler(Scheduler.MH.with(SchedulerFlag.MH_PORT, SchedulerFlag.MH_FALLBACK))
                  .persistence(
                      Persistence.of(Duration.ofSeconds(300)).prefixLength(64).engine("sip"))
                  .onePacket(true)
                  .addRealServer("198.51.100.1")
                  .weight(3)
                  .thresholds(100, 50)
                  .tunnel(Encapsulation.gue(6080)))
          .hasToString(
              "UDP [2001:db8::1]:53 mh (mh-fallback,mh-port) persistent 300 mask /64 pe sip ops"
                  + " [198.51.100.1:53 Tunnel(gue:6080:-c) 3 thresholds 100/50]");
      assertThat(VirtualService.fwmark6(4294967295L)).hasToString("FWM 4294967295 IPv6 wlc []");
    }

    @Test
    void toStringOfManyServersIsShort() {
      VirtualService service = WEB;
      for (int i = 1; i <= 100; i++) {
        service = service.addRealServer("198.51.100." + i).tunnel();
      }
      assertThat(service.toString())
          .startsWith("TCP 192.0.2.1:80 wlc [198.51.100.1:80 Tunnel 1, ")
          .endsWith("198.51.100.8:80 Tunnel 1, … 92 more]");
    }
  }

  @Test
  void keyOfAServiceFindsIt() {
    assertThat(Optional.of(WEB).map(VirtualService::key))
        .contains(new ServiceKey.Endpoint(Protocol.TCP, IpAddress.parse("192.0.2.1"), 80));
  }
}
