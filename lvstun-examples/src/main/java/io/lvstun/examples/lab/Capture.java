// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.lab;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/**
 * A running tcpdump, one line a packet as {@code tcpdump -nn} prints it. It sees every packet sent
 * after the method that made it has returned. Thread-safe.
 *
 * @since 0.1.0
 */
public final class Capture implements AutoCloseable {
  private final BackgroundCommand tcpdump;

  Capture(BackgroundCommand tcpdump) {
    this.tcpdump = tcpdump;
    tcpdump.awaitErrors(text -> text.contains("listening on"), Duration.ofSeconds(20));
  }

  /** The packets seen so far. */
  public List<String> packets() {
    String text = tcpdump.output();
    // The last line may be half written; tcpdump writes an empty one when it is ended.
    return text.substring(0, text.lastIndexOf('\n') + 1)
        .lines()
        .filter(line -> !line.isBlank())
        .toList();
  }

  /** The packets seen so far whose line satisfies a condition. */
  public List<String> packets(Predicate<String> condition) {
    return packets().stream().filter(condition).toList();
  }

  /**
   * Waits until there are at least {@code count} packets that satisfy a condition, and returns
   * them.
   *
   * @throws LabException if there are fewer when the deadline passes; the message has what was seen
   */
  @CanIgnoreReturnValue
  public List<String> await(int count, Predicate<String> condition, Duration deadline) {
    tcpdump.awaitOutput(ignored -> packets(condition).size() >= count, deadline);
    return packets(condition);
  }

  /** Ends the capture, when all packets that arrived have been printed, and returns them. */
  @CanIgnoreReturnValue
  public List<String> stop() {
    tcpdump.stop();
    return packets();
  }

  @Override
  public void close() {
    tcpdump.close();
  }
}
