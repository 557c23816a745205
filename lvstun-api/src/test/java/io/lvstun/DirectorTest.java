// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static io.lvstun.Scheduler.RR;
import static io.lvstun.Scheduler.SH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.memory.MemoryDriver;
import io.lvstun.state.ServiceState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a director does with a kernel that obeys. */
final class DirectorTest {

  private static final VirtualService WEB =
      VirtualService.tcp("192.168.1.200", 80)
          .scheduler(RR)
          .addRealServer("192.168.2.101")
          .tunnel()
          .addRealServer("192.168.3.102")
          .weight(2)
          .tunnel();

  private static final VirtualService DNS =
      VirtualService.udp("192.168.1.200", 53)
          .onePacket(true)
          .addRealServer("192.168.2.101")
          .thresholds(100, 50)
          .tunnel(Encapsulation.gue(6080).remoteChecksum());

  private static final VirtualService MARK =
      VirtualService.fwmark(0xffff_fffeL)
          .scheduler(SH.with(SchedulerFlag.SH_PORT))
          .persistence(Persistence.of(Duration.ofMinutes(5)).prefixLength(24))
          .addRealServer("192.168.2.101")
          .port(8080)
          .masquerade();

  private final Director director = Director.on(MemoryDriver.open());

  @AfterEach
  void close() {
    director.close();
  }

  private List<VirtualService> table() {
    return director.services().stream().map(ServiceState::definition).toList();
  }

  @Test
  void applyingBringsAboutWhatWasWantedAndTwiceDoesNothing() {
    assertThat(director.apply(WEB, DNS, MARK)).hasToString("7 done");
    assertThat(table()).containsExactlyInAnyOrder(WEB, DNS, MARK);
    assertThat(director.apply(WEB, DNS, MARK)).hasToString("0 done");
    assertThat(director.plan(WEB, DNS, MARK).isEmpty()).isTrue();
  }

  @Test
  void planChangesNothing() {
    assertThat(director.plan(WEB).changes()).hasSize(3);
    assertThat(table()).isEmpty();
  }

  @Test
  void manyServicesArePlannedFromOneRead() {
    List<VirtualService> many =
        java.util.stream.IntStream.range(1, 100)
            .mapToObj(port -> VirtualService.tcp("192.168.1.200", port))
            .toList();
    director.apply(many);
    assertThat(table()).containsExactlyInAnyOrderElementsOf(many);
    assertThat(director.plan(many).isEmpty()).isTrue();
  }

  @Test
  void applyTouchesNothingElseAndReplaceAllRemovesIt() {
    director.apply(DNS);
    director.apply(WEB);
    assertThat(table()).containsExactlyInAnyOrder(WEB, DNS);
    director.replaceAll(MARK);
    assertThat(table()).containsExactly(MARK);
    director.replaceAll();
    assertThat(table()).isEmpty();
  }

  @Test
  void weightEditKeepsEncapsulationAndThresholds() {
    director.apply(DNS);
    director.edit(DNS.key(), dns -> dns.realServer("192.168.2.101", server -> server.weight(9)));
    assertThat(table())
        .containsExactly(DNS.realServer("192.168.2.101", server -> server.weight(9)));
  }

  @Test
  void concurrentReadModifyWritesLoseNothing() throws Exception {
    director.apply(WEB.realServer("192.168.2.101", server -> server.weight(0)));
    CountDownLatch start = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    for (int i = 0; i < 4; i++) {
      threads.execute(
          () -> {
            awaitUninterruptibly(start);
            for (int n = 0; n < 25; n++) {
              director.edit(
                  WEB.key(),
                  web -> web.realServer("192.168.2.101", it -> it.weight(it.weight() + 1)));
            }
          });
    }
    start.countDown();
    threads.shutdown();
    assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    assertThat(table().get(0).realServers())
        .filteredOn(server -> IpAddress.format(server.address()).equals("192.168.2.101"))
        .singleElement()
        .extracting(RealServer::weight)
        .isEqualTo(100);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void createFindEditRemove() {
    director.create(WEB);
    assertThatThrownBy(() -> director.create(WEB)).isInstanceOf(AlreadyExistsException.class);
    assertThat(director.find(WEB.key())).map(ServiceState::definition).contains(WEB);
    VirtualService smaller = WEB.removeRealServer("192.168.2.101");
    director.edit(smaller);
    assertThat(table()).containsExactly(smaller);
    director.remove(WEB.key());
    assertThat(director.find(WEB.key())).isEmpty();
    assertThatThrownBy(() -> director.remove(WEB.key())).isInstanceOf(NotFoundException.class);
  }

  @Test
  void serversCanBeAddedEditedAndRemovedOneByOne() {
    director.create(WEB.withoutRealServers());
    director.addRealServer(WEB.key(), RealServer.tunnel("192.168.2.101"));
    director.editRealServer(WEB.key(), RealServer.tunnel("192.168.2.101").weight(5));
    assertThat(table().get(0).realServers()).hasToString("[192.168.2.101:80 Tunnel 5]");
    director.removeRealServer(WEB.key(), ServerKey.of("192.168.2.101", 80));
    assertThat(table().get(0).realServers()).isEmpty();
    assertThatThrownBy(
            () -> director.removeRealServer(WEB.key(), ServerKey.of("192.168.2.101", 80)))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("192.168.2.101:80 of TCP 192.168.1.200:80")
        .hasMessageContaining("real server not found");
  }

  @Test
  void snapshotComesBackWhole() {
    director.apply(WEB, DNS, MARK);
    director.timeouts(Timeouts.UNCHANGED.udp(Duration.ofSeconds(60)));
    director.startSync(SyncDaemon.master("eth0").syncId(7));
    Snapshot before = director.snapshot();

    director.stopSync(SyncDaemon.Role.MASTER);
    director.startSync(SyncDaemon.backup("eth0"));
    director.timeouts(Timeouts.ofSeconds(1, 2, 3));
    director.replaceAll(VirtualService.tcp("192.168.1.201", 80));
    director.restore(before);

    Snapshot after = director.snapshot();
    assertThat(after.services()).containsExactlyInAnyOrderElementsOf(before.services());
    assertThat(after.timeouts()).isEqualTo(before.timeouts());
    assertThat(after.syncDaemons()).isEqualTo(before.syncDaemons());
    assertThat(director.plan(before)).hasToString("nothing to do");
  }

  @Test
  void flushLeavesTimeoutsAndZeroLeavesServices() {
    director.apply(WEB);
    director.timeouts(Timeouts.UNCHANGED.tcp(Duration.ofSeconds(77)));
    director.zero();
    director.zero(WEB.key());
    assertThat(table()).containsExactly(WEB);
    director.flush();
    assertThat(table()).isEmpty();
    assertThat(director.timeouts().tcp()).isEqualTo(Duration.ofSeconds(77));
    assertThatThrownBy(() -> director.zero(WEB.key())).isInstanceOf(NotFoundException.class);
  }

  @Test
  void directorTellsDriverInfoAndWhatIsMissing() {
    assertThat(director.driver()).isEqualTo("memory");
    assertThat(director).hasToString("director on memory");
    assertThat(director.info().versionText()).isEqualTo("1.2.1");
    assertThat(director.missing()).doesNotContainKey(Capability.MARKS_32_BIT);
    try (var connections = director.connections()) {
      assertThat(connections).isEmpty();
    }
  }

  @Test
  void builderOpensTheNamedDriver() {
    try (Director named =
        Director.builder()
            .driver("memory")
            .deadline(Duration.ofSeconds(1))
            .onFailure(OnFailure.KEEP)
            .open()) {
      assertThat(named.plan(WEB).onFailure()).isEqualTo(OnFailure.KEEP);
    }
  }

  @Test
  void builderRefusesWhatCannotBe() {
    assertThatThrownBy(() -> Director.builder().deadline(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("deadline must be 1 ms to 1 hour, not PT0S");
    assertThatThrownBy(() -> Director.builder().networkNamespace("../etc"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void closedDirectorSaysSo() {
    director.close();
    assertThatThrownBy(director::services).isInstanceOf(IllegalStateException.class);
  }
}
