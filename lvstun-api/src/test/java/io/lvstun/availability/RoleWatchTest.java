// SPDX-License-Identifier: Apache-2.0
package io.lvstun.availability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.lvstun.host.CommandResult;
import io.lvstun.host.Host;
import io.lvstun.host.HostCommand;
import io.lvstun.host.HostException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RoleWatchTest {

  private static final String VIP = "192.0.2.1";

  @TempDir Path folder;

  private final BlockingQueue<RoleEvent> events = new LinkedBlockingQueue<>();
  private final Addresses addresses = new Addresses();

  /** A host that has some addresses. */
  private static final class Addresses implements Host {

    private final Set<String> local = ConcurrentHashMap.newKeySet();
    private final AtomicInteger looks = new AtomicInteger();
    private volatile boolean broken;

    @Override
    public String specification() {
      return "netns:director";
    }

    @Override
    public String label() {
      return "director";
    }

    @Override
    public CommandResult run(HostCommand command) {
      looks.incrementAndGet();
      if (broken) {
        throw HostException.of(this, "ip", "the host is gone", "Look for it.");
      }
      List<String> words = command.arguments();
      assertThat(words).startsWith("ip").contains("address", "show", "to");
      String address = words.get(words.size() - 1).replaceAll("/.*", "");
      String output = local.contains(address) ? "2: eth0    inet " + address + "/32\n" : "";
      return new CommandResult(0, output, "", false, false, Duration.ZERO);
    }
  }

  private Path fifo() throws IOException, InterruptedException {
    Path fifo = folder.resolve("keepalived.fifo");
    Process made = new ProcessBuilder("mkfifo", "-m", "600", fifo.toString()).inheritIO().start();
    assertThat(made.waitFor()).isZero();
    return fifo;
  }

  private RoleWatch.Builder watch(Path fifo) {
    return RoleWatch.builder()
        .fifo(fifo)
        .host(addresses)
        .interval(Duration.ofMillis(100))
        .listener(events::add);
  }

  private static void write(Path fifo, String text) throws IOException {
    Files.writeString(fifo, text, StandardOpenOption.WRITE);
  }

  /** The next event of a kind; others before it are dropped. */
  private <E extends RoleEvent> E next(Class<E> kind) throws InterruptedException {
    while (true) {
      RoleEvent event = events.poll(30, TimeUnit.SECONDS);
      assertThat(event).as("an event of " + kind.getSimpleName()).isNotNull();
      if (kind.isInstance(event)) {
        return kind.cast(event);
      }
    }
  }

  @Test
  void theFirstRoleIsKnownWhenTheWatchHasStarted() throws Exception {
    addresses.local.add(VIP);
    try (RoleWatch watch =
        watch(fifo()).instance("VI_1", VIP).instance("VI_2", "2001:db8::1").start()) {
      assertThat(watch.role("VI_1")).contains(VrrpRole.MASTER);
      assertThat(watch.role("VI_2")).contains(VrrpRole.BACKUP);
      assertThat(watch.role("VI_3")).isEmpty();
    }
  }

  @Test
  void whatKeepalivedWritesIsToldInItsOrder() throws Exception {
    Path fifo = fifo();
    try (RoleWatch watch = watch(fifo).start()) {
      write(
          fifo,
          "INSTANCE \"VI_1\" BACKUP 90\nVS [192.0.2.1]:tcp:80 UP\n"
              + "INSTANCE \"VI_1\" MASTER_PRIORITY 100\nINSTANCE \"VI_1\" MAS");
      write(fifo, "TER 100\nGROUP \"G\" MASTER 0\n");
      assertThat(next(RoleEvent.RoleChanged.class)).hasToString("VI_1: BACKUP (FIFO, priority 90)");
      assertThat(next(RoleEvent.RoleChanged.class))
          .hasToString("VI_1: BACKUP -> MASTER (FIFO, priority 100)");
      assertThat(next(RoleEvent.RoleChanged.class).group()).isTrue();
      assertThat(watch.roles())
          .containsEntry("VI_1", VrrpRole.MASTER)
          .containsEntry("group G", VrrpRole.MASTER);
    }
  }

  @Test
  void aKilledKeepalivedIsSeenByItsAddresses() throws Exception {
    Path fifo = fifo();
    addresses.local.add(VIP);
    try (RoleWatch watch = watch(fifo).instance("VI_1", VIP).start()) {
      next(RoleEvent.RoleChanged.class);
      addresses.local.remove(VIP);
      assertThat(next(RoleEvent.RoleChanged.class))
          .hasToString("VI_1: MASTER -> BACKUP (ADDRESSES)");
      assertThat(watch.role("VI_1")).contains(VrrpRole.BACKUP);
    }
  }

  @Test
  void aFaultIsNotTakenForABackupThoughNeitherHasTheAddress() throws Exception {
    Path fifo = fifo();
    try (RoleWatch watch = watch(fifo).instance("VI_1", VIP).start()) {
      write(fifo, "INSTANCE \"VI_1\" FAULT 100\n");
      next(RoleEvent.RoleChanged.class);
      assertThat(next(RoleEvent.RoleChanged.class).to()).isEqualTo(VrrpRole.FAULT);
      addresses.broken = true;
      next(RoleEvent.AddressesUnknown.class);
      assertThat(watch.role("VI_1")).contains(VrrpRole.FAULT);
    }
  }

  @Test
  void aHostThatIsGoneIsAnEventAndNoRole() throws Exception {
    addresses.broken = true;
    try (RoleWatch watch = watch(fifo()).instance("VI_1", VIP).start()) {
      assertThat(next(RoleEvent.AddressesUnknown.class).reason()).contains("the host is gone");
      assertThat(watch.role("VI_1")).isEmpty();
    }
  }

  @Test
  void aFifoMadeAnewIsOpened() throws Exception {
    Path fifo = folder.resolve("keepalived.fifo");
    try (RoleWatch watch = watch(fifo).start()) {
      assertThat(next(RoleEvent.FifoLost.class).reason()).contains("keepalived makes it");
      fifo();
      next(RoleEvent.FifoOpened.class);
      Files.delete(fifo);
      assertThat(next(RoleEvent.FifoLost.class).reason()).contains("not there");
      fifo();
      next(RoleEvent.FifoOpened.class);
      write(fifo, "INSTANCE \"VI_1\" MASTER 100\n");
      next(RoleEvent.RoleChanged.class);
      assertThat(watch.role("VI_1")).contains(VrrpRole.MASTER);
    }
  }

  @Test
  void strangersTextIsAnEventAndChangesNothing() throws Exception {
    Path fifo = fifo();
    try (RoleWatch watch = watch(fifo).start()) {
      write(fifo, "INSTANCE \"VI_1\" MASTER 100\n");
      write(fifo, "INSTANCE \"VI_1\" king 100\u001b[2J\n");
      RoleEvent.LineRefused refused = next(RoleEvent.LineRefused.class);
      assertThat(refused.line()).doesNotContain("\u001b").contains("king");
      assertThat(refused.reason()).contains("no state");
      write(fifo, "x".repeat(5000) + "\nINSTANCE \"VI_1\" BACKUP 100\n");
      assertThat(next(RoleEvent.LineRefused.class).reason()).contains("longer than");
      assertThat(next(RoleEvent.RoleChanged.class).to()).isEqualTo(VrrpRole.BACKUP);
      assertThat(watch.roles()).hasSize(1);
    }
  }

  @Test
  void namesAreReadAsUtf8() throws Exception {
    Path fifo = fifo();
    try (RoleWatch watch = watch(fifo).start()) {
      write(fifo, "INSTANCE \"VI_\u00e4\" MASTER 100\n");
      assertThat(next(RoleEvent.RoleChanged.class).name()).isEqualTo("VI_\u00e4");
      assertThat(watch.role("VI_\u00e4")).contains(VrrpRole.MASTER);
    }
  }

  @Test
  void aFailureThatLastsIsToldOnce() throws Exception {
    Path fifo = fifo();
    addresses.broken = true;
    try (RoleWatch watch = watch(fifo).instance("VI_1", VIP).start()) {
      next(RoleEvent.AddressesUnknown.class);
      int looks = addresses.looks.get();
      while (addresses.looks.get() < looks + 3) {
        Thread.onSpinWait();
      }
      assertThat(events).noneMatch(RoleEvent.AddressesUnknown.class::isInstance);
      addresses.broken = false;
      next(RoleEvent.RoleChanged.class);
      addresses.broken = true;
      next(RoleEvent.AddressesUnknown.class);
      assertThat(watch.role("VI_1")).contains(VrrpRole.BACKUP);
    }
  }

  @Test
  void aFileInPlaceOfTheFifoIsRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "INSTANCE \"VI_1\" MASTER 100\n");
    try (RoleWatch watch = watch(file).start()) {
      assertThat(next(RoleEvent.FifoLost.class).reason()).isEqualTo("it is no FIFO");
      assertThat(watch.roles()).isEmpty();
    }
    Path link = Files.createSymbolicLink(folder.resolve("link"), fifo());
    try (RoleWatch watch = watch(link).start()) {
      assertThat(next(RoleEvent.FifoLost.class).reason()).isEqualTo("it is no FIFO");
    }
  }

  @Test
  void aFifoThatEveryUserMayWriteToIsRefused() throws Exception {
    Path fifo = fifo();
    assertThat(new ProcessBuilder("chmod", "o+w", fifo.toString()).start().waitFor()).isZero();
    try (RoleWatch watch = watch(fifo).start()) {
      assertThat(next(RoleEvent.FifoLost.class).reason()).contains("chmod o-w");
    }
  }

  @Test
  void aListenerThatThrowsMissesNothingLater() throws Exception {
    Path fifo = fifo();
    try (RoleWatch watch =
        watch(fifo)
            .listener(
                event -> {
                  events.add(event);
                  throw new IllegalStateException("listener");
                })
            .start()) {
      write(fifo, "INSTANCE \"VI_1\" BACKUP 90\nINSTANCE \"VI_1\" MASTER 90\n");
      next(RoleEvent.RoleChanged.class);
      next(RoleEvent.RoleChanged.class);
      assertThat(watch.role("VI_1")).contains(VrrpRole.MASTER);
    }
  }

  @Test
  void nothingIsToldAfterItsEnd() throws Exception {
    Path fifo = fifo();
    RoleWatch watch = watch(fifo).start();
    next(RoleEvent.FifoOpened.class);
    watch.close();
    watch.close();
    events.clear();
    try (RoleWatch other = watch(fifo).listener(event -> {}).instance("VI_1", VIP).start()) {
      write(fifo, "INSTANCE \"VI_1\" MASTER 90\n");
      assertThat(other.role("VI_1")).isPresent();
    }
    assertThat(events).isEmpty();
  }

  @Test
  void aBuilderRefusesWhatCannotBe() {
    assertThatIllegalStateException()
        .isThrownBy(() -> RoleWatch.builder().start())
        .withMessageContaining("notify_fifo");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RoleWatch.builder().instance("VI_1"))
        .withMessageContaining("VI_1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RoleWatch.builder().instance("VI_1", "example.org"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RoleWatch.builder().interval(Duration.ofMillis(99)))
        .withMessageContaining("100 ms");
  }
}
