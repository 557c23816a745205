// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi;

import io.lvstun.AlreadyExistsException;
import io.lvstun.Command;
import io.lvstun.LvsException;
import io.lvstun.NotFoundException;
import io.lvstun.PermissionException;
import io.lvstun.UnsupportedException;
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
  /** No buffer space available. */
  ENOBUFS(105);

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
    String reason = withText(reason(command, errno), text);
    LvsException.Failure failure =
        new LvsException.Failure(
            command.operation(),
            command.target(),
            driver,
            reason,
            OptionalInt.of(code),
            hint(command, errno));
    return exception(failure, errno);
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
    LvsException.Failure failure =
        new LvsException.Failure(
            operation,
            target,
            driver,
            withText(reason(errno), text),
            OptionalInt.of(code),
            hint(errno));
    return exception(failure, errno);
  }

  private static String withText(String reason, String text) {
    return text.isEmpty() ? reason : reason + " (" + text + ')';
  }

  private static LvsException exception(LvsException.Failure failure, int errno) {
    return switch (errno) {
      case 1, 13 -> new PermissionException(failure);
      case 2, 3, 19 -> new NotFoundException(failure);
      case 17 -> new AlreadyExistsException(failure);
      case 95, 97 -> new UnsupportedException(failure);
      default -> new LvsException(failure);
    };
  }

  private static String reason(Command command, int errno) {
    boolean daemon =
        command instanceof Command.StartDaemon || command instanceof Command.StopDaemon;
    return switch (errno) {
      case 2 ->
          command instanceof Command.AddService || command instanceof Command.EditService
              ? "scheduler or persistence engine not found"
              : "real server not found";
      case 3 -> daemon ? "the sync daemon is not running" : "service not found";
      case 17 ->
          daemon
              ? "a sync daemon of this role is already running"
              : command instanceof Command.AddService
                  ? "service already exists"
                  : "real server already exists";
      case 19 -> daemon ? "interface not found" : reason(errno);
      default -> reason(errno);
    };
  }

  private static String reason(int errno) {
    return switch (errno) {
      case 1, 13 -> "not permitted";
      case 2 -> "not found";
      case 3 -> "service not found";
      case 4 -> "interrupted";
      case 12 -> "the kernel is out of memory";
      case 16 -> "the kernel is busy with another request of this socket";
      case 17 -> "already exists";
      case 19 -> "device not found";
      case 22 -> "the kernel refused it as invalid";
      case 23 -> "the machine has no file descriptors left";
      case 24 -> "this process has no file descriptors left";
      case 34 -> "a number is out of the kernel's range";
      case 90 -> "the message is too long";
      case 92 -> "the ip_vs module is being unloaded";
      case 95 -> "the kernel does not have this operation";
      case 97 -> "the kernel does not have this address family";
      case 105 -> "the kernel's buffer overflowed";
      default -> "error " + errno;
    };
  }

  private static String hint(Command command, int errno) {
    return switch (errno) {
      case 2 ->
          command instanceof Command.AddService add
              ? moduleHint(add.service())
              : command instanceof Command.EditService edit
                  ? moduleHint(edit.service())
                  : "Read the service again: another program may have removed the real server";
      case 3 ->
          command instanceof Command.StopDaemon
              ? "Nothing is left to stop"
              : "Read the services again: another program may have removed this one";
      case 17 -> "Edit it instead, or let apply bring it about";
      case 19 -> "Name an interface of the director's network namespace (ip link)";
      case 22 -> invalidHint(command);
      case 34 -> "The weight must not be negative, nor the lower threshold exceed the upper one";
      default -> hint(errno);
    };
  }

  private static String moduleHint(io.lvstun.VirtualService service) {
    StringBuilder text =
        new StringBuilder("Load the module: modprobe ip_vs_").append(service.scheduler().name());
    service
        .persistence()
        .flatMap(io.lvstun.Persistence::engine)
        .ifPresent(engine -> text.append(" and ip_vs_pe_").append(engine));
    return text.toString();
  }

  private static String invalidHint(Command command) {
    if (command instanceof Command.AddServer || command instanceof Command.EditServer) {
      return "The address must be unicast with a route from the director (ip route get);"
          + " another family than the service's needs a tunnel and no running sync daemon;"
          + " GUE needs a port";
    }
    if (command instanceof Command.StartDaemon) {
      return "The group must be multicast, of a family that the interface has an address of;"
          + " real servers of another family than their service's rule out sync daemons";
    }
    if (command instanceof Command.SetTimeouts) {
      return "Time-outs are limited to 2^31-1 timer ticks of the kernel";
    }
    return "See the kernel's log (dmesg) for lines that begin with IPVS";
  }

  private static String hint(int errno) {
    return switch (errno) {
      case 1, 13 ->
          "IPVS needs CAP_NET_ADMIN in the initial user namespace (a rootless container has none):"
              + " run as root or grant the capability";
      case 2 -> "Load the module: modprobe ip_vs";
      case 92 -> "Load the module again: modprobe ip_vs";
      case 97 -> "Check that IPv6 is enabled (net.ipv6.conf.all.disable_ipv6) and in the kernel";
      case 12 -> "Free memory on the director";
      case 23 -> "Raise the limit of the machine (sysctl fs.file-max), or end what holds them";
      case 24 ->
          "Close directors and files that are not used, or raise the process's limit (ulimit -n,"
              + " LimitNOFILE= of a systemd unit)";
      default -> "";
    };
  }
}
