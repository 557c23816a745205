// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi;

import io.lvstun.AlreadyExistsException;
import io.lvstun.Command;
import io.lvstun.LvsException;
import io.lvstun.NotFoundException;
import io.lvstun.PermissionException;
import io.lvstun.UnsupportedException;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * Turns an error number of the kernel into an exception: the one table for all drivers.
 *
 * <p>What a number means depends on the command: ESRCH is a missing service, ENOENT a missing real
 * server, scheduler or persistence engine. The kernel has no text for most of them, so reasons and
 * hints are this library's. Source: {@code net/netfilter/ipvs/ip_vs_ctl.c} and {@code ip_vs_sync.c}
 * of Linux 6.1.
 *
 * @since 0.1.0
 */
public enum KernelError {
  /** Operation not permitted. */
  EPERM(1),
  /** No such file or directory: a real server, scheduler, engine or netlink family is missing. */
  ENOENT(2),
  /** No such process: a service or sync daemon is missing. */
  ESRCH(3),
  /** Interrupted system call. */
  EINTR(4),
  /** Out of memory. */
  ENOMEM(12),
  /** Permission denied. */
  EACCES(13),
  /** Device or resource busy. */
  EBUSY(16),
  /** File exists. */
  EEXIST(17),
  /** No such device. */
  ENODEV(19),
  /** Invalid argument. */
  EINVAL(22),
  /** Too many open files in the system. */
  ENFILE(23),
  /** Too many open files in this process. */
  EMFILE(24),
  /** Numerical result out of range. */
  ERANGE(34),
  /** Message too long. */
  EMSGSIZE(90),
  /** Protocol not available: the module is going away. */
  ENOPROTOOPT(92),
  /** Operation not supported. */
  EOPNOTSUPP(95),
  /** Address family not supported by protocol. */
  EAFNOSUPPORT(97),
  /** Address already in use: a port of GUE is open. */
  EADDRINUSE(98),
  /** Cannot assign requested address: a link does not have it. */
  EADDRNOTAVAIL(99),
  /** Network is down: a link is. */
  ENETDOWN(100),
  /** Network is unreachable: a gateway is. */
  ENETUNREACH(101),
  /** No buffer space available. */
  ENOBUFS(105),
  /** Operation already in progress: a port of GUE is open. */
  EALREADY(114);

  private final int number;

  KernelError(int number) {
    this.number = number;
  }

  /**
   * Returns the number, as on x86-64 and arm64.
   *
   * @return the positive errno
   */
  public int number() {
    return number;
  }

  /**
   * Makes the exception for a command that the kernel refused.
   *
   * @param driver the driver's name
   * @param command the command
   * @param errno the positive errno
   * @param code what {@link LvsException#code()} is to return: the errno itself, or the exit code
   * @param text what the kernel or the program said, empty if nothing
   * @return the exception
   */
  public static LvsException refused(
      String driver, Command command, int errno, int code, String text) {
    return refused(
        ErrorMeaning.of(command, errno), driver, command.operation(), command.target(), code, text);
  }

  /**
   * Makes the exception for a read that the kernel refused.
   *
   * @param driver the driver's name
   * @param operation what was tried, for example {@code "read services"}
   * @param target on what, empty if on everything
   * @param errno the positive errno
   * @param code what {@link LvsException#code()} is to return: the errno itself, or the exit code
   * @param text what the kernel or the program said, empty if nothing
   * @return the exception
   */
  public static LvsException refused(
      String driver, String operation, String target, int errno, int code, String text) {
    return refused(ErrorMeaning.ofRead(errno), driver, operation, target, code, text);
  }

  /**
   * Makes the exception for a request about the host's network that the kernel refused.
   *
   * @param driver the driver's name
   * @param subject what the request is about
   * @param operation what was tried, for example {@code "create tunnel"}
   * @param target on what
   * @param errno the positive errno, which {@link LvsException#code()} returns
   * @param text what the kernel said, empty if nothing
   * @return the exception
   */
  public static LvsException refused(
      String driver,
      NetworkSubject subject,
      String operation,
      String target,
      int errno,
      String text) {
    Objects.requireNonNull(operation, "operation");
    Objects.requireNonNull(subject, "subject");
    return refused(
        ErrorMeaning.of(subject, operation, errno), driver, operation, target, errno, text);
  }

  /**
   * Makes the exception for a system call or a program's start that failed before the kernel's
   * tables were reached.
   *
   * @param driver the driver's name
   * @param operation what was tried, for example {@code "read links"}
   * @param target on what, empty if on everything
   * @param errno the positive errno, which {@link LvsException#code()} returns
   * @param text the call, and what it said
   * @return the exception
   */
  public static LvsException unreached(
      String driver, String operation, String target, int errno, String text) {
    return refused(ErrorMeaning.ofCall(errno), driver, operation, target, errno, text);
  }

  private static LvsException refused(
      ErrorMeaning meaning, String driver, String operation, String target, int code, String text) {
    String reason = text.isEmpty() ? meaning.reason() : meaning.reason() + " (" + text + ')';
    LvsException.Failure failure =
        new LvsException.Failure(
            operation, target, driver, reason, OptionalInt.of(code), meaning.hint());
    return switch (meaning.type()) {
      case PERMISSION -> new PermissionException(failure);
      case ABSENT -> new NotFoundException(failure);
      case PRESENT -> new AlreadyExistsException(failure);
      case UNSUPPORTED -> new UnsupportedException(failure);
      case OTHER -> new LvsException(failure);
    };
  }
}
