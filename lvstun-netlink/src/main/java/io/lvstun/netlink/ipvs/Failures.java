// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import io.lvstun.LvsException;
import io.lvstun.TimeoutException;
import io.lvstun.netlink.socket.NoAnswerException;
import io.lvstun.netlink.socket.RefusedException;
import io.lvstun.netlink.socket.SystemCallException;
import io.lvstun.spi.KernelError;
import java.util.OptionalInt;

/** Maps failures inside the driver to exceptions for the caller. */
final class Failures {

  private Failures() {}

  static LvsException of(RuntimeException cause, String operation, String target) {
    if (cause instanceof LvsException exception) {
      return exception;
    }
    if (cause instanceof RefusedException refused) {
      int errno = refused.errno();
      // Reads name no real server, scheduler or engine: what is missing is the family.
      String text =
          errno == KernelError.ENOENT.number() && refused.text().isEmpty()
              ? "the kernel has no generic netlink family IPVS"
              : refused.text();
      return KernelError.refused(NetlinkDriver.NAME, operation, target, errno, errno, text);
    }
    if (cause instanceof SystemCallException failed) {
      int errno = failed.errno();
      return KernelError.refused(
          NetlinkDriver.NAME, operation, target, errno, errno, String.valueOf(failed.getMessage()));
    }
    if (cause instanceof NoAnswerException unanswered) {
      return unanswered(unanswered.why(), operation, target);
    }
    throw cause;
  }

  private static LvsException unanswered(
      NoAnswerException.Cause why, String operation, String target) {
    String reason =
        switch (why) {
          case DEADLINE -> "the kernel did not answer before the deadline";
          case OVERRUN -> "the kernel's answers overflowed the queue until the deadline";
          case CHANGED -> "the table changed during every reading until the deadline";
          case BUSY -> "the kernel was busy with another dump until the deadline";
          case INTERRUPTED -> "interrupted while waiting for the kernel";
        };
    LvsException.Failure failure =
        new LvsException.Failure(
            operation,
            target,
            NetlinkDriver.NAME,
            reason,
            OptionalInt.empty(),
            why == NoAnswerException.Cause.INTERRUPTED ? "" : "Nothing was changed: try again");
    return why == NoAnswerException.Cause.INTERRUPTED
        ? new LvsException(failure)
        : new TimeoutException(failure);
  }
}
