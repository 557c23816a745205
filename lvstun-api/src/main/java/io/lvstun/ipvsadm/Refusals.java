// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import io.lvstun.Command;
import io.lvstun.ForeignText;
import io.lvstun.LvsException;
import io.lvstun.NotFoundException;
import io.lvstun.PermissionException;
import io.lvstun.UnsupportedException;
import io.lvstun.spi.KernelError;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Turns exit codes and messages of ipvsadm into exceptions, through the error numbers of the kernel
 * that they stand for. The messages are those of ipvsadm 1.31 in the locale C; where it falls back
 * on the C library's, those of glibc and musl.
 */
final class Refusals {

  private static final int LONGEST_TEXT = 300;

  /** What the exit code of ipvsadm is when the kernel refused a command. */
  static final int KERNEL_REFUSED = 255;

  /** What it is when ipvsadm did not take its arguments. */
  static final int BAD_ARGUMENTS = 2;

  private static final String INIT_FAILED = "Can't initialize ipvs: ";
  private static final Map<String, KernelError> NUMBERS =
      Map.ofEntries(
          Map.entry("Service already exists", KernelError.EEXIST),
          Map.entry("Scheduler or persistence engine not found", KernelError.ENOENT),
          Map.entry("No such service", KernelError.ESRCH),
          Map.entry("Service not defined", KernelError.ESRCH),
          Map.entry("Destination already exists", KernelError.EEXIST),
          Map.entry("No such destination", KernelError.ENOENT),
          Map.entry("Daemon has already run", KernelError.EEXIST),
          Map.entry("No daemon is running", KernelError.ESRCH),
          Map.entry("Permission denied (you must be root)", KernelError.EPERM),
          Map.entry(
              "Invalid operation.  Possibly wrong module version, address not unicast, ...",
              KernelError.EINVAL),
          Map.entry("Protocol not available", KernelError.ENOPROTOOPT),
          Map.entry("Memory allocation problem", KernelError.ENOMEM),
          Map.entry("Operation not supported with IPv6", KernelError.EOPNOTSUPP),
          Map.entry(
              "Operation not supported with specified address family", KernelError.EAFNOSUPPORT),
          Map.entry("Module is wrong version", KernelError.EMSGSIZE),
          Map.entry("Operation not permitted", KernelError.EPERM),
          Map.entry("No such file or directory", KernelError.ENOENT),
          Map.entry("No such process", KernelError.ESRCH),
          Map.entry("Interrupted system call", KernelError.EINTR),
          Map.entry("Permission denied", KernelError.EACCES),
          Map.entry("Device or resource busy", KernelError.EBUSY),
          Map.entry("Resource busy", KernelError.EBUSY),
          Map.entry("File exists", KernelError.EEXIST),
          Map.entry("No such device", KernelError.ENODEV),
          Map.entry("Invalid argument", KernelError.EINVAL),
          Map.entry("Numerical result out of range", KernelError.ERANGE),
          Map.entry("Result not representable", KernelError.ERANGE),
          Map.entry("Cannot allocate memory", KernelError.ENOMEM),
          Map.entry("Too many open files in system", KernelError.ENFILE),
          Map.entry("Too many open files", KernelError.EMFILE),
          Map.entry("Message too long", KernelError.EMSGSIZE),
          Map.entry("Operation not supported", KernelError.EOPNOTSUPP),
          Map.entry("Address family not supported by protocol", KernelError.EAFNOSUPPORT),
          Map.entry("No buffer space available", KernelError.ENOBUFS));

  private Refusals() {}

  /** Why a command failed. */
  static LvsException of(Command command, int exitCode, String text) {
    Program.Purpose purpose = new Program.Purpose(command.operation(), command.target());
    Optional<LvsException> environment = environment(purpose, exitCode, text);
    if (environment.isPresent()) {
      return environment.get();
    }
    KernelError error = NUMBERS.get(lastLine(text));
    return error == null
        ? unknown(purpose, exitCode, text)
        : KernelError.refused(IpvsadmDriver.NAME, command, error.number(), exitCode, "");
  }

  /** Why a read failed. */
  static LvsException of(Program.Purpose purpose, int exitCode, String text) {
    Optional<LvsException> environment = environment(purpose, exitCode, text);
    if (environment.isPresent()) {
      return environment.get();
    }
    KernelError error = NUMBERS.get(lastLine(text));
    return error == null ? unknown(purpose, exitCode, text) : refused(purpose, error, exitCode, "");
  }

  /** Whether a list failed because the one service that was asked for is not there. */
  static boolean isMissingService(String text) {
    return NUMBERS.get(lastLine(text)) == KernelError.ESRCH;
  }

  private static LvsException refused(
      Program.Purpose purpose, KernelError error, int exitCode, String text) {
    return KernelError.refused(
        IpvsadmDriver.NAME, purpose.operation(), purpose.target(), error.number(), exitCode, text);
  }

  /**
   * What is wrong before the kernel is asked: no module, no permission, no namespace, old program.
   */
  private static Optional<LvsException> environment(
      Program.Purpose purpose, int exitCode, String text) {
    for (String line : text.split("\n")) {
      if (line.startsWith(INIT_FAILED)) {
        return Optional.of(notInitialised(purpose, exitCode, line.substring(INIT_FAILED.length())));
      }
      if (line.startsWith("nsenter: ")) {
        return Optional.of(notEntered(purpose, exitCode, line));
      }
      if (line.endsWith(": unknown option")) {
        return Optional.of(
            new UnsupportedException(
                failure(
                    purpose,
                    exitCode,
                    "this ipvsadm does not know an option ("
                        + ForeignText.excerpt(line, LONGEST_TEXT)
                        + ')',
                    "Install ipvsadm 1.31")));
      }
    }
    return Optional.empty();
  }

  private static LvsException notInitialised(
      Program.Purpose purpose, int exitCode, String message) {
    KernelError error = NUMBERS.get(message.strip());
    // Without the module there is no such socket option, which is what ipvsadm tries last.
    return error == null || error == KernelError.ENOPROTOOPT || error == KernelError.EINVAL
        ? refused(purpose, KernelError.ENOENT, exitCode, ForeignText.excerpt(message, LONGEST_TEXT))
        : refused(purpose, error, exitCode, "");
  }

  private static LvsException notEntered(Program.Purpose purpose, int exitCode, String line) {
    LvsException.Failure failure =
        failure(
            purpose,
            exitCode,
            "the network namespace cannot be entered ("
                + ForeignText.excerpt(line, LONGEST_TEXT)
                + ')',
            "Entering needs CAP_SYS_ADMIN, and the namespace must exist (ip netns list)");
    if (line.endsWith("No such file or directory")) {
      return new NotFoundException(failure);
    }
    return line.endsWith("Operation not permitted") || line.endsWith("Permission denied")
        ? new PermissionException(failure)
        : new LvsException(failure);
  }

  private static LvsException unknown(Program.Purpose purpose, int exitCode, String text) {
    if (text.isBlank() && exitCode > 128 && exitCode < 128 + 65) {
      return new LvsException(
          failure(
              purpose,
              exitCode,
              "ipvsadm was killed by signal " + (exitCode - 128),
              "Find out what killed it: the kernel's log (dmesg) shows whether memory ran out"));
    }
    String said =
        text.isBlank()
            ? "without a message"
            : "(" + ForeignText.excerpt(text.strip(), LONGEST_TEXT) + ')';
    return new LvsException(failure(purpose, exitCode, "ipvsadm failed " + said, ""));
  }

  private static LvsException.Failure failure(
      Program.Purpose purpose, int exitCode, String reason, String hint) {
    return new LvsException.Failure(
        purpose.operation(),
        purpose.target(),
        IpvsadmDriver.NAME,
        reason,
        OptionalInt.of(exitCode),
        hint);
  }

  private static String lastLine(String text) {
    String stripped = text.stripTrailing();
    return stripped.substring(stripped.lastIndexOf('\n') + 1);
  }
}
