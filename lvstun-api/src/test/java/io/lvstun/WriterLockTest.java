// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.memory.Fault;
import io.lvstun.memory.MemoryDriver;
import java.io.File;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
final class WriterLockTest {

  private static final VirtualService WEB = VirtualService.tcp("192.0.2.1", 80);

  @TempDir private Path folder;

  private Director director(MemoryDriver driver, WriterLock lock) {
    return new DriverDirector(
        driver,
        null,
        OnFailure.ROLL_BACK,
        new DriverDirector.Settings(
            Duration.ofMillis(50), true, lock, System::nanoTime, DriverDirector::sleep));
  }

  @Test
  void holderMayTakeItAgainAndGivesItBackAsOften() {
    WriterLock lock = WriterLock.on(folder.resolve("lock"));
    lock.acquire(Duration.ofSeconds(1));
    lock.acquire(Duration.ofSeconds(1));
    lock.release();
    assertThat(takeInAnotherThread(lock)).isInstanceOf(TimeoutException.class);
    lock.release();
    assertThat(takeInAnotherThread(lock)).isNull();
  }

  private static Throwable takeInAnotherThread(WriterLock lock) {
    try {
      CompletableFuture.runAsync(
              () -> {
                lock.acquire(Duration.ofMillis(1));
                lock.release();
              })
          .join();
      return null;
    } catch (CompletionException e) {
      return e.getCause();
    }
  }

  @Test
  void directorsWithTheLockWriteOneAfterTheOther() throws Exception {
    WriterLock lock = WriterLock.on(folder.resolve("lock"));
    CountDownLatch writing = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicBoolean held = new AtomicBoolean(true);
    MemoryDriver table =
        MemoryDriver.builder()
            .faults(
                command -> {
                  if (held.getAndSet(false)) {
                    writing.countDown();
                    try {
                      go.await();
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  }
                  return Fault.NONE;
                })
            .open();
    Director one = director(table, lock);
    Director two = director(table.sibling(), lock);
    CompletableFuture<Void> first = CompletableFuture.runAsync(() -> one.apply(WEB));
    writing.await();
    assertThatThrownBy(two::flush)
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("this process held it for 50 ms; nothing was written");
    // Reads wait for nobody.
    assertThat(two.services()).isEmpty();
    go.countDown();
    first.join();
    two.flush();
    assertThat(one.services()).isEmpty();
  }

  @Test
  void fileTellsWhoHasIt() throws Exception {
    Path file = folder.resolve("lock");
    WriterLock lock = WriterLock.on(file);
    lock.acquire(Duration.ofSeconds(1));
    assertThat(Files.readString(file)).isEqualTo("process " + ProcessHandle.current().pid());
    lock.release();
    assertThat(lock).hasToString(file.toString());
  }

  @Test
  void linkInPlaceOfTheFileIsNotFollowed() throws Exception {
    Path target = folder.resolve("target");
    Files.writeString(target, "precious");
    Path link = Files.createSymbolicLink(folder.resolve("lock"), target);
    WriterLock lock = WriterLock.on(link);
    assertThatThrownBy(() -> lock.acquire(Duration.ofSeconds(1)))
        .isInstanceOf(LvsException.class)
        .hasMessageContaining("cannot take the writer lock");
    assertThat(Files.readString(target)).isEqualTo("precious");
  }

  @Test
  void everyNameOfANamespaceMeansTheSameLock() {
    DriverOptions own = DriverOptions.defaults();
    DriverOptions byPid =
        new DriverOptions(
            Optional.of(NetworkNamespace.ofProcess(ProcessHandle.current().pid())), own.deadline());
    assertThat(WriterLock.in(folder.resolve("made"), own))
        .hasToString(WriterLock.in(folder.resolve("made"), byPid).toString());
    DriverOptions absent =
        new DriverOptions(Optional.of(NetworkNamespace.named("no-such-namespace")), own.deadline());
    assertThatThrownBy(() -> WriterLock.in(folder, absent)).isInstanceOf(LvsException.class);
  }

  @Test
  void processThatDiesGivesItBack() throws Exception {
    Path file = folder.resolve("lock");
    WriterLock lock = WriterLock.on(file);
    // flock(1) uses another kind of lock, so that a JVM is needed: this class's own main method.
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath(),
                Holder.class.getName(),
                file.toString())
            .redirectErrorStream(true)
            .start();
    try {
      assertThat(holder.getInputStream().read()).isEqualTo('!');
      assertThatThrownBy(() -> lock.acquire(Duration.ofMillis(30)))
          .isInstanceOf(TimeoutException.class)
          .hasMessageContaining("process " + holder.pid() + " held it");
    } finally {
      holder.destroyForcibly().waitFor();
    }
    lock.acquire(Duration.ofSeconds(30));
    lock.release();
  }

  /** Where this class and the library are: on the module path, the class path has neither. */
  private static String classPath() {
    return String.join(
        File.pathSeparator,
        System.getProperty("java.class.path"),
        Path.of("target", "classes").toString(),
        Path.of("target", "test-classes").toString());
  }

  /** Takes the lock, says so and waits to be killed. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) throws Exception {
      WriterLock lock = WriterLock.on(Path.of(args[0]));
      lock.acquire(Duration.ofSeconds(10));
      try (FileChannel out =
          FileChannel.open(Path.of("/proc/self/fd/1"), StandardOpenOption.WRITE)) {
        int unused = out.write(java.nio.ByteBuffer.wrap(new byte[] {'!'}));
      }
      System.in.read();
      lock.release();
    }
  }
}
