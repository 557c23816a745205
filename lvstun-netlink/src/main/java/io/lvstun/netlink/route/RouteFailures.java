// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.route;

import io.lvstun.LvsException;
import io.lvstun.NotFoundException;
import io.lvstun.TimeoutException;
import io.lvstun.UnsupportedException;
import io.lvstun.netlink.route.RouteChannel.Task;
import io.lvstun.netlink.socket.NoAnswerException;
import io.lvstun.netlink.socket.SystemCallException;
import io.lvstun.network.Tunnel;
import io.lvstun.spi.KernelError;
import java.util.Optional;
import java.util.OptionalInt;

/** Maps the failure of a request to an exception: type, reason and hint. */
final class RouteFailures {

  private static final String NAME = "netlink";

  private RouteFailures() {}

  /**
   * The kernel refused.
   *
   * @param text what it said, empty if nothing
   */
  static LvsException refused(Task task, int errno, String text) {
    LvsException refused =
        KernelError.refused(NAME, task.subject(), task.operation(), task.target(), errno, text);
    return errno == KernelError.ENODEV.number() ? withDevice(task, refused) : refused;
  }

  /** Tells how a link comes into being that a module brings along. */
  private static LvsException withDevice(Task task, LvsException refused) {
    return new NotFoundException(
        new LvsException.Failure(
            task.operation(),
            task.target(),
            NAME,
            refused.reason(),
            refused.code(),
            linkHint(task.target())));
  }

  /** There is no such link, as the library itself has seen. */
  static LvsException noLink(Task task, String link) {
    return new NotFoundException(
        new LvsException.Failure(
            task.operation(),
            task.target(),
            NAME,
            "there is no link " + link,
            OptionalInt.empty(),
            linkHint(link)));
  }

  /** The kernel said that it deleted a link, and kept it. */
  static LvsException kept(Task task) {
    return new UnsupportedException(
        new LvsException.Failure(
            task.operation(),
            task.target(),
            NAME,
            "the kernel keeps this link as long as its module",
            OptionalInt.empty(),
            "Set it down instead"));
  }

  /** A system call failed. */
  static LvsException failed(Task task, SystemCallException cause) {
    return KernelError.unreached(
        NAME, task.operation(), task.target(), cause.errno(), String.valueOf(cause.getMessage()));
  }

  /**
   * There is no complete answer.
   *
   * @param known what is known of the state, as the hint
   */
  static LvsException unanswered(Task task, NoAnswerException.Cause why, String known) {
    String reason =
        switch (why) {
          case DEADLINE -> "the kernel did not answer before the deadline";
          case OVERRUN -> "the kernel's answer overflowed the queue";
          case CHANGED -> "the table changed during every reading until the deadline";
          case BUSY -> "the socket was busy until the deadline";
          case INTERRUPTED -> "interrupted while waiting for the kernel";
        };
    LvsException.Failure failure =
        new LvsException.Failure(
            task.operation(), task.target(), NAME, reason, OptionalInt.empty(), known);
    return why == NoAnswerException.Cause.INTERRUPTED
        ? new LvsException(failure)
        : new TimeoutException(failure);
  }

  /** How a link comes into being, for what is or begins with the name of one. */
  private static String linkHint(String target) {
    for (String word : target.split(" ")) {
      Optional<Tunnel.Kind> kind = Tunnel.Kind.ofFallbackDevice(word);
      if (kind.isPresent()) {
        return word + " comes with a module: modprobe " + kind.get().module();
      }
    }
    return "`ip link` lists the links of the network namespace";
  }
}
