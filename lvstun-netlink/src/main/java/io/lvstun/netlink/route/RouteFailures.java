// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.route;

import io.lvstun.AlreadyExistsException;
import io.lvstun.LvsException;
import io.lvstun.NotFoundException;
import io.lvstun.PermissionException;
import io.lvstun.TimeoutException;
import io.lvstun.UnsupportedException;
import io.lvstun.netlink.route.RouteChannel.Task;
import io.lvstun.netlink.socket.NoAnswerException;
import io.lvstun.netlink.socket.SystemCallException;
import io.lvstun.network.Tunnel;
import java.util.Optional;
import java.util.OptionalInt;

/** Maps the failure of a request to an exception: type, reason and hint. */
final class RouteFailures {

  private static final String NAME = "netlink";

  private static final int EPERM = 1;
  private static final int ENOENT = 2;
  private static final int ESRCH = 3;
  private static final int EACCES = 13;
  private static final int EBUSY = 16;
  private static final int EEXIST = 17;
  private static final int ENODEV = 19;
  private static final int EINVAL = 22;
  private static final int EOPNOTSUPP = 95;
  private static final int EAFNOSUPPORT = 97;
  private static final int EADDRINUSE = 98;
  private static final int EADDRNOTAVAIL = 99;
  private static final int ENETDOWN = 100;
  private static final int ENETUNREACH = 101;
  private static final int EALREADY = 114;

  private RouteFailures() {}

  /**
   * The kernel refused.
   *
   * @param text what it said, empty if nothing
   */
  static LvsException refused(Task task, int errno, String text) {
    Meaning meaning = meaning(task, errno);
    String reason = text.isEmpty() ? meaning.reason : meaning.reason + " (" + text + ')';
    LvsException.Failure failure =
        new LvsException.Failure(
            task.operation(), task.target(), NAME, reason, OptionalInt.of(errno), meaning.hint);
    return switch (meaning.type) {
      case PERMISSION -> new PermissionException(failure);
      case ABSENT -> new NotFoundException(failure);
      case PRESENT -> new AlreadyExistsException(failure);
      case UNSUPPORTED -> new UnsupportedException(failure);
      case OTHER -> new LvsException(failure);
    };
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
    return new LvsException(
        new LvsException.Failure(
            task.operation(),
            task.target(),
            NAME,
            String.valueOf(cause.getMessage()),
            OptionalInt.of(cause.errno()),
            ""),
        cause);
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

  private enum Type {
    PERMISSION,
    ABSENT,
    PRESENT,
    UNSUPPORTED,
    OTHER
  }

  private record Meaning(Type type, String reason, String hint) {}

  private static Meaning meaning(Task task, int errno) {
    RequestSubject subject = task.subject();
    return switch (errno) {
      case EPERM ->
          new Meaning(
              Type.PERMISSION,
              "not permitted",
              subject == RequestSubject.GUE_PORT
                  ? "GUE ports need CAP_NET_ADMIN in the initial user namespace: run as root or"
                      + " grant the capability"
                  : "It needs CAP_NET_ADMIN in the user namespace that owns the network"
                      + " namespace: run as root or grant the capability");
      case EACCES ->
          subject == RequestSubject.ADDRESS
              ? new Meaning(
                  Type.OTHER,
                  "IPv6 is disabled on the link",
                  "Set net.ipv6.conf.LINK.disable_ipv6 to 0")
              : new Meaning(Type.PERMISSION, "not permitted", "");
      case ENODEV -> new Meaning(Type.ABSENT, "there is no such link", linkHint(task.target()));
      case EADDRNOTAVAIL ->
          subject == RequestSubject.ADDRESS
              ? new Meaning(Type.ABSENT, "the link has no such address", "")
              : other(errno);
      case ESRCH ->
          subject == RequestSubject.ROUTE
              ? new Meaning(Type.ABSENT, "there is no such route", "")
              : other(errno);
      case ENOENT ->
          switch (subject) {
            case ROUTE -> new Meaning(Type.ABSENT, "there is no such route", "");
            case RULE -> new Meaning(Type.ABSENT, "there is no such rule", "");
            case GUE_PORT ->
                new Meaning(
                    Type.ABSENT,
                    "the kernel has no generic netlink family fou",
                    "Load the module: modprobe fou");
            default -> other(errno);
          };
      case EEXIST, EADDRINUSE, EALREADY -> present(subject, errno);
      case EOPNOTSUPP ->
          subject == RequestSubject.LINK
              ? new Meaning(
                  Type.UNSUPPORTED,
                  "the kernel cannot do this with a link of this kind",
                  task.operation().startsWith("create")
                      ? "Load the module of the kind (ipip, sit, ip_gre, ip6_tunnel, ip6_gre)"
                      : "lo and hardware cannot be deleted")
              : new Meaning(Type.UNSUPPORTED, "the kernel does not have this operation", "");
      case EAFNOSUPPORT ->
          new Meaning(
              Type.UNSUPPORTED,
              "the kernel does not have this address family",
              "Check that IPv6 is enabled and in the kernel");
      case EINVAL ->
          subject == RequestSubject.GUE_PORT && task.operation().startsWith("close")
              ? new Meaning(Type.ABSENT, "the port is not open", "")
              : other(errno);
      case ENETUNREACH ->
          new Meaning(
              Type.OTHER,
              "the gateway cannot be reached",
              "Add an address of the gateway's network, or a route to it, first");
      case ENETDOWN -> new Meaning(Type.OTHER, "the link is down", "Set it up first");
      default -> other(errno);
    };
  }

  private static Meaning present(RequestSubject subject, int errno) {
    return switch (subject) {
      case LINK ->
          errno == EEXIST
              ? new Meaning(
                  Type.PRESENT,
                  "a link of this name, or a tunnel with these addresses, already exists",
                  "The kernel's own tunl0, gre0 and the like have no addresses: use those, or give"
                      + " the new one a local address")
              : other(errno);
      case ADDRESS -> new Meaning(Type.PRESENT, "the link already has the address", "");
      case ROUTE -> new Meaning(Type.PRESENT, "the route already exists", "");
      case RULE -> new Meaning(Type.PRESENT, "the rule already exists", "");
      case GUE_PORT ->
          new Meaning(Type.PRESENT, "the port is in use", "`ss -lun` shows what uses it");
    };
  }

  private static Meaning other(int errno) {
    String reason =
        switch (errno) {
          case EINVAL -> "the kernel refused it as invalid";
          case EBUSY -> "the kernel is busy with it";
          case ENOENT, ESRCH, EADDRNOTAVAIL -> "something that it names is not there";
          default -> "error " + errno;
        };
    return new Meaning(Type.OTHER, reason, "");
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
