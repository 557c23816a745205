// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.lvstun.memory.MemoryDriver;
import io.lvstun.rules.Loss;
import io.lvstun.rules.RulesSyntaxException;
import io.lvstun.state.Counters;
import io.lvstun.state.Rates;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a director does in one call so that its users need not: weights, drains, files, listings.
 */
final class DirectorConvenienceTest {

  private static final VirtualService WEB =
      VirtualService.tcp("192.0.2.1", 80)
          .scheduler(Scheduler.RR)
          .addRealServer("10.0.0.1")
          .thresholds(100, 50)
          .tunnel(Encapsulation.gue(6080))
          .addRealServer("10.0.0.2")
          .tunnel();
  private static final ServerKey FIRST = ServerKey.of("10.0.0.1", 80);

  private final MemoryDriver driver = MemoryDriver.open();
  private final AtomicLong now = new AtomicLong();
  private final List<Duration> pauses = new ArrayList<>();
  private Runnable during = () -> {};
  private final Director director =
      new DriverDirector(
          driver,
          null,
          OnFailure.ROLL_BACK,
          new DriverDirector.Settings(Duration.ofSeconds(5), true, null, now::get, this::pause));

  private void pause(Duration time) throws InterruptedException {
    pauses.add(time);
    now.addAndGet(time.toNanos());
    during.run();
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  private void connections(long active) {
    RealServer server =
        director.find(WEB.key()).orElseThrow().server(FIRST).orElseThrow().definition();
    driver.observe(WEB.key(), new ServerState(server, active, 0, 0, Counters.ZERO, Rates.ZERO));
  }

  private VirtualService web() {
    return director.find(WEB.key()).orElseThrow().definition();
  }

  @Test
  void weightIsSetAndEverythingElseKept() {
    director.apply(WEB);
    director.setWeight(WEB.key(), FIRST, 7);
    assertThat(web()).isEqualTo(WEB.realServer("10.0.0.1", server -> server.weight(7)));
  }

  @Test
  void weightOfAbsentServerIsNotFound() {
    ServiceKey key = WEB.key();
    assertThatThrownBy(() -> director.setWeight(key, FIRST, 7))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("service not found");
    director.create(WEB.removeRealServer(FIRST));
    assertThatThrownBy(() -> director.setWeight(key, FIRST, 7))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("real server not found");
    assertThatThrownBy(() -> director.setWeight(key, FIRST, 65536))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("weight must be 0 to 65535, not 65536");
  }

  @Test
  void serverIsRemovedWhenItsLastConnectionHasEnded() {
    director.apply(WEB);
    connections(3);
    List<String> told = new ArrayList<>();
    during = () -> connections(3 - pauses.size());
    DrainReport report =
        director.drain(
            WEB.key(),
            FIRST,
            Duration.ofMinutes(1),
            progress -> {
              told.add(progress.toString());
              assertThat(web().realServers()).anyMatch(server -> server.weight() == 0);
            });
    assertThat(report.drained()).isTrue();
    assertThat(report.elapsed()).isEqualTo(Duration.ofMillis(1500));
    assertThat(told)
        .hasSize(4)
        .startsWith("10.0.0.1:80: 3 active connections after 0 s")
        .endsWith("10.0.0.1:80: 0 active connections after 1 s");
    assertThat(web()).isEqualTo(WEB.removeRealServer(FIRST));
  }

  @Test
  void serverIsRemovedAllTheSameWhenTheTimeIsUp() {
    director.apply(WEB);
    connections(3);
    DrainReport report = director.drain(WEB.key(), FIRST, Duration.ofMillis(700));
    assertThat(report.drained()).isFalse();
    assertThat(report.activeConnections()).isEqualTo(3);
    assertThat(pauses).containsExactly(Duration.ofMillis(500), Duration.ofMillis(200));
    assertThat(web()).isEqualTo(WEB.removeRealServer(FIRST));
  }

  @Test
  void serverThatAnotherProgramRemovesMeanwhileCountsAsRemoved() {
    director.apply(WEB);
    connections(3);
    during = () -> Director.on(driver.sibling()).removeRealServer(WEB.key(), FIRST);
    assertThat(director.drain(WEB.key(), FIRST, Duration.ofMinutes(1)).drained()).isTrue();
  }

  @Test
  void interruptedDrainKeepsTheServerAtWeightZero() {
    director.apply(WEB);
    connections(3);
    during = () -> Thread.currentThread().interrupt();
    assertThatThrownBy(() -> director.drain(WEB.key(), FIRST, Duration.ofMinutes(1)))
        .isInstanceOf(LvsException.class)
        .hasMessageContaining("interrupted with 3 active connections left");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(web()).isEqualTo(WEB.realServer("10.0.0.1", server -> server.weight(0)));
  }

  @Test
  void listingIsTheProgramsOwn() {
    director.apply(WEB);
    assertThat(director.listing())
        .isEqualTo(
            """
            IP Virtual Server version 1.2.1 (size=4096)
            Prot LocalAddress:Port Scheduler Flags
              -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
            TCP  192.0.2.1:80 rr
              -> 10.0.0.1:80                  Tunnel  1      0          0        \s
              -> 10.0.0.2:80                  Tunnel  1      0          0        \s
            """);
  }

  @Test
  void tableComesBackFromAFile(@TempDir Path folder) {
    director.apply(WEB, VirtualService.fwmark(0xffff_fff0L));
    director.timeouts(Timeouts.ofSeconds(1, 2, 3));
    director.startSync(SyncDaemon.master("eth0").syncId(7));
    Snapshot before = director.snapshot();
    Path file = folder.resolve("ipvsadm");
    assertThat(director.save(file)).isEmpty();
    director.flush();
    director.stopSync(SyncDaemon.Role.MASTER);
    director.timeouts(Timeouts.ofSeconds(4, 5, 6));
    director.restore(file);
    assertThat(director.plan(before)).hasToString("nothing to do");
  }

  @Test
  void whatAFileCannotCarryIsNamed(@TempDir Path folder) {
    RealServer local =
        new RealServer(IpAddress.parse("10.0.0.9"), 80, new Forwarding.Other(1), 1, 0, 0);
    director.apply(WEB);
    var unused = driver.execute(List.of(new Command.AddServer(WEB.key(), local)));
    List<Loss> losses = director.save(folder.resolve("ipvsadm"));
    assertThat(losses)
        .hasToString(
            "[10.0.0.9:80 of TCP 192.0.2.1:80: ipvsadm has no option for the forwarding method"
                + " Local]");
  }

  @Test
  void restoringFromAFileLeavesTimeoutsThatItDoesNotName(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("rules");
    Files.writeString(file, "# by hand\n-A -t 192.0.2.1:80 -s rr\n");
    director.timeouts(Timeouts.ofSeconds(4, 5, 6));
    director.startSync(SyncDaemon.master("eth0"));
    director.restore(file);
    assertThat(director.timeouts()).isEqualTo(Timeouts.ofSeconds(4, 5, 6));
    assertThat(director.syncDaemons()).hasSize(1);
    assertThat(web()).isEqualTo(VirtualService.tcp("192.0.2.1", 80).scheduler(Scheduler.RR));
  }

  @Test
  void fileWithFaultsChangesNothing(@TempDir Path folder) throws IOException {
    director.apply(WEB);
    Path file = folder.resolve("rules");
    assertThatThrownBy(() -> director.restore(file))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("cannot restore the table from");
    Files.writeString(file, "-A -t 192.0.2.1:80 -q\n");
    assertThat(catchThrowableOfType(RulesSyntaxException.class, () -> director.restore(file)))
        .isNotNull();
    Files.writeString(file, "-A -t 192.0.2.1:80 -s rr\n-A -t 192.0.2.1:80 -s rr\n");
    assertThatThrownBy(() -> director.restore(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("line 2")
        .hasMessageContaining("service already exists");
    Path nowhere = folder.resolve("no/such/folder");
    assertThatThrownBy(() -> director.save(nowhere)).isInstanceOf(UncheckedIOException.class);
    assertThat(web()).isEqualTo(WEB);
  }

  @Test
  void directorCanBeMocked() {
    Director mock = mock();
    when(mock.services()).thenReturn(List.of());
    assertThat(mock.services()).isEmpty();
    assertThat(mock).isInstanceOf(Director.class);
  }

  @Test
  void serverIsFoundByItsKey() {
    director.apply(WEB);
    ServiceState state = director.find(WEB.key()).orElseThrow();
    assertThat(state.server(FIRST)).map(ServerState::key).contains(FIRST);
    assertThat(state.server(ServerKey.of("10.0.0.1", 81))).isEmpty();
  }

  @Test
  void planToReplaceAllTakesServicesOneByOne() {
    director.apply(WEB);
    assertThat(director.planReplaceAll()).hasToString("- TCP 192.0.2.1:80");
    assertThat(director.planReplaceAll(WEB).isEmpty()).isTrue();
    assertThat(Plan.between(List.of(), List.of(WEB)).onFailure())
        .isEqualTo(director.plan(WEB).onFailure());
  }
}
