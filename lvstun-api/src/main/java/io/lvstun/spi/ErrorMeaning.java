// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi;

import io.lvstun.Command;
import io.lvstun.Persistence;
import io.lvstun.VirtualService;

/**
 * What an error number of the kernel means to a caller: the one table, of IPVS, of the host's
 * network and of system calls. {@code docs/reference/kernel-errors.md} is printed from it.
 *
 * @param type which exception it becomes
 * @param reason what happened
 * @param hint what to do, empty if nothing is known to help
 */
record ErrorMeaning(Type type, String reason, String hint) {

  /** The exceptions that a caller tells apart. */
  enum Type {
    PERMISSION,
    ABSENT,
    PRESENT,
    UNSUPPORTED,
    OTHER
  }

  /** Of a command to IPVS. */
  static ErrorMeaning of(Command command, int errno) {
    return new ErrorMeaning(type(errno), reason(command, errno), hint(command, errno));
  }

  /** Of a read of IPVS. */
  static ErrorMeaning ofRead(int errno) {
    return new ErrorMeaning(type(errno), reason(errno), hint(errno));
  }

  /** Of a system call, or of starting a program, before IPVS or the network was reached. */
  static ErrorMeaning ofCall(int errno) {
    return switch (errno) {
      case 1, 13 ->
          new ErrorMeaning(
              Type.PERMISSION,
              "not permitted",
              "A sandbox (seccomp, AppArmor, SELinux, gVisor) may forbid it, or the file's rights");
      case 2 -> new ErrorMeaning(Type.ABSENT, "there is no such file", "");
      case 3 -> new ErrorMeaning(Type.ABSENT, "there is no such process", "");
      case 11 ->
          new ErrorMeaning(
              Type.OTHER,
              "the kernel starts no further process or thread",
              "Raise the limit (ulimit -u, TasksMax= of a systemd unit, pids.max of a container)");
      case 12 ->
          new ErrorMeaning(Type.OTHER, "there is not enough memory", "Free memory on this machine");
      case 93, 95, 97 ->
          new ErrorMeaning(
              Type.UNSUPPORTED,
              "the kernel does not have sockets of this kind",
              "Netlink must be in the kernel, and a sandbox (gVisor, seccomp) must let it through");
      default -> new ErrorMeaning(type(errno), reason(errno), errno == 92 ? "" : hint(errno));
    };
  }

  private static Type type(int errno) {
    return switch (errno) {
      case 1, 13 -> Type.PERMISSION;
      case 2, 3, 19 -> Type.ABSENT;
      case 17 -> Type.PRESENT;
      case 95, 97 -> Type.UNSUPPORTED;
      default -> Type.OTHER;
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
      case 23 -> "the machine is out of file descriptors";
      case 24 -> "this process is out of file descriptors";
      case 34 -> "a number is out of the kernel's range";
      case 90 -> "the message is too long";
      case 92 -> "the ip_vs module is being unloaded";
      case 95 -> "the kernel does not have this operation";
      case 97 -> "the kernel does not have this address family";
      case 98, 99 -> "the kernel refused an address";
      case 100 -> "the network is down";
      case 101 -> "the network is unreachable";
      case 105 -> "the kernel's buffer overflowed";
      case 114 -> "the kernel is at it already";
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
              ? "There is nothing to stop"
              : "Read the services again: another program may have removed this one";
      case 17 -> "Edit it instead, or use apply";
      case 19 -> "Name an interface of the director's network namespace (ip link)";
      case 22 -> invalidHint(command);
      case 34 -> "The weight must not be negative, nor the lower threshold exceed the upper one";
      default -> hint(errno);
    };
  }

  private static String moduleHint(VirtualService service) {
    StringBuilder text =
        new StringBuilder("Load the module: modprobe ip_vs_").append(service.scheduler().name());
    service
        .persistence()
        .flatMap(Persistence::engine)
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
      case 23 ->
          "Raise the limit of the machine (sysctl fs.file-max), or end the programs that hold them";
      case 24 ->
          "Close directors and files that are not used, or raise the process's limit (ulimit -n,"
              + " LimitNOFILE= of a systemd unit)";
      default -> "";
    };
  }

  /** Of a request about the host's network. */
  static ErrorMeaning of(NetworkSubject subject, String operation, int errno) {
    return switch (errno) {
      case 1 ->
          new ErrorMeaning(
              Type.PERMISSION,
              "not permitted",
              subject == NetworkSubject.GUE_PORT
                  ? "GUE ports need CAP_NET_ADMIN in the initial user namespace: run as root or"
                      + " grant the capability"
                  : "It needs CAP_NET_ADMIN in the user namespace that owns the network"
                      + " namespace: run as root or grant the capability");
      case 2 ->
          switch (subject) {
            case ROUTE -> new ErrorMeaning(Type.ABSENT, "there is no such route", "");
            case RULE -> new ErrorMeaning(Type.ABSENT, "there is no such rule", "");
            case GUE_PORT ->
                new ErrorMeaning(
                    Type.ABSENT,
                    "the kernel has no generic netlink family fou",
                    "Load the module: modprobe fou");
            default -> otherOfNetwork(errno);
          };
      case 3 ->
          subject == NetworkSubject.ROUTE
              ? new ErrorMeaning(Type.ABSENT, "there is no such route", "")
              : otherOfNetwork(errno);
      case 13 ->
          subject == NetworkSubject.ADDRESS
              ? new ErrorMeaning(
                  Type.OTHER,
                  "IPv6 is disabled on the link",
                  "Set net.ipv6.conf.LINK.disable_ipv6 to 0")
              : new ErrorMeaning(Type.PERMISSION, "not permitted", "");
      case 17, 98, 114 -> present(subject, errno);
      case 19 ->
          new ErrorMeaning(
              Type.ABSENT,
              "there is no such link",
              "`ip link` lists the links of the network namespace");
      case 22 ->
          subject == NetworkSubject.GUE_PORT && operation.startsWith("close")
              ? new ErrorMeaning(Type.ABSENT, "the port is not open", "")
              : otherOfNetwork(errno);
      case 95 ->
          subject == NetworkSubject.LINK
              ? new ErrorMeaning(
                  Type.UNSUPPORTED,
                  "the kernel cannot do this with a link of this kind",
                  operation.startsWith("create")
                      ? "Load the module of the kind (ipip, sit, ip_gre, ip6_tunnel, ip6_gre)"
                      : "lo and hardware cannot be deleted")
              : new ErrorMeaning(Type.UNSUPPORTED, "the kernel does not have this operation", "");
      case 97 ->
          new ErrorMeaning(
              Type.UNSUPPORTED,
              "the kernel does not have this address family",
              "Check that IPv6 is enabled and in the kernel");
      case 99 ->
          subject == NetworkSubject.ADDRESS
              ? new ErrorMeaning(Type.ABSENT, "the link has no such address", "")
              : otherOfNetwork(errno);
      case 100 -> new ErrorMeaning(Type.OTHER, "the link is down", "Set it up first");
      case 101 ->
          new ErrorMeaning(
              Type.OTHER,
              "the gateway cannot be reached",
              "Add an address of the gateway's network, or a route to it, first");
      default -> otherOfNetwork(errno);
    };
  }

  private static ErrorMeaning present(NetworkSubject subject, int errno) {
    return switch (subject) {
      case LINK ->
          errno == 17
              ? new ErrorMeaning(
                  Type.PRESENT,
                  "a link of this name, or a tunnel with these addresses, already exists",
                  "The kernel's own tunl0, gre0 and the like have no addresses: use those, or give"
                      + " the new one a local address")
              : otherOfNetwork(errno);
      case ADDRESS -> new ErrorMeaning(Type.PRESENT, "the link already has the address", "");
      case ROUTE -> new ErrorMeaning(Type.PRESENT, "the route already exists", "");
      case RULE -> new ErrorMeaning(Type.PRESENT, "the rule already exists", "");
      case GUE_PORT ->
          new ErrorMeaning(Type.PRESENT, "the port is in use", "`ss -lun` shows what uses it");
    };
  }

  private static ErrorMeaning otherOfNetwork(int errno) {
    return switch (errno) {
      case 2, 3, 99 ->
          new ErrorMeaning(Type.OTHER, "an object that it refers to does not exist", "");
      case 16 -> new ErrorMeaning(Type.OTHER, "the kernel is busy with it", "");
      default -> new ErrorMeaning(Type.OTHER, reason(errno), errno == 92 ? "" : hint(errno));
    };
  }
}
