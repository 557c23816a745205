// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink;

import io.lvstun.DriverOptions;
import io.lvstun.LvsException;
import io.lvstun.NetworkNamespace;
import io.lvstun.NotFoundException;
import io.lvstun.PermissionException;
import io.lvstun.netlink.ipvs.NetlinkDriver;
import io.lvstun.netlink.socket.KernelSocketSource;
import io.lvstun.netlink.socket.SystemCallException;
import io.lvstun.spi.HeldNamespace;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.IpvsDriverProvider;
import io.lvstun.spi.KernelError;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Opens the driver {@code netlink}, which talks to the kernel itself: every command and attribute
 * of IPVS, many commands in one exchange, no program to start.
 *
 * <p>It needs Linux on a 64-bit machine, the kernel module {@code ip_vs} (which the kernel loads by
 * itself where it may), CAP_NET_ADMIN in the initial user namespace, and CAP_SYS_ADMIN too to enter
 * another network namespace. Its native part is JNA, which unpacks a library into a folder for
 * temporary files unless told otherwise.
 *
 * <p>Stateless and thread-safe. Found by {@link java.util.ServiceLoader}; applications choose it by
 * name.
 *
 * @since 0.1.0
 */
public final class NetlinkDriverProvider implements IpvsDriverProvider {

  private static final String NAME = "netlink";
  private static final String OPERATION = "open the driver";

  /** Takes an error for each of some 1,600 commands in one exchange. */
  private static final int RECEIVE_QUEUE_BYTES = 1024 * 1024;

  /** Makes a provider. */
  public NetlinkDriverProvider() {}

  /** Returns {@code netlink}. */
  @Override
  public String name() {
    return NAME;
  }

  /** Returns 100: the driver is preferred where it works. */
  @Override
  public int priority() {
    return 100;
  }

  /**
   * Opens a driver. Asking the kernel for IPVS makes it load the module where it may.
   *
   * @param options namespace and deadline
   * @return the driver
   * @throws PermissionException without CAP_NET_ADMIN, or without CAP_SYS_ADMIN for another
   *     namespace
   * @throws NotFoundException if the kernel has no IPVS or there is no such namespace
   * @throws LvsException if this is not Linux or JNA's library cannot be loaded; the hint says how
   *     to go on
   */
  @Override
  public IpvsDriver open(DriverOptions options) {
    KernelSocketSource source = source(options);
    try {
      return new NetlinkDriver(source, options.deadline(), System.getProperty("os.version", ""));
    } catch (RuntimeException | Error e) {
      source.close();
      throw e;
    }
  }

  /** Finds out all that can be wrong before a request is sent. */
  static KernelSocketSource source(DriverOptions options) {
    String system = System.getProperty("os.name", "");
    if (!system.equals("Linux")) {
      throw new LvsException(
          failure(
              "netlink needs Linux, and this is " + (system.isEmpty() ? "unknown" : system),
              "Use the driver \"memory\" for tests on other systems"));
    }
    try {
      KernelSocketSource.load();
    } catch (LinkageError e) {
      throw NativeLibraryFailure.explain(e);
    }
    return source(options.namespace(), RECEIVE_QUEUE_BYTES);
  }

  /** Holds the namespace, and finds out that it can be entered while that is easily told. */
  static KernelSocketSource source(Optional<NetworkNamespace> namespace, int receiveQueueBytes) {
    if (namespace.isEmpty()) {
      return new KernelSocketSource(null, receiveQueueBytes);
    }
    HeldNamespace held = HeldNamespace.open(namespace.get(), NAME);
    KernelSocketSource source = new KernelSocketSource(held, receiveQueueBytes);
    try {
      source.enter();
      return source;
    } catch (SystemCallException e) {
      source.close();
      throw namespaceFailure(namespace.get().path(), e);
    }
  }

  static LvsException namespaceFailure(Path namespace, SystemCallException cause) {
    int errno = cause.errno();
    if (errno == KernelError.EPERM.number() || errno == KernelError.EACCES.number()) {
      return new PermissionException(
          failure(
              "not permitted to enter the network namespace " + namespace,
              "Entering a network namespace needs CAP_SYS_ADMIN, in its user namespace too: run as"
                  + " root, or start the program inside it (ip netns exec)",
              errno));
    }
    if (errno == KernelError.EINVAL.number()) {
      return new LvsException(
          failure(
              namespace + " is not a network namespace",
              "Name a file below /run/netns, or /proc/PID/ns/net",
              errno));
    }
    return KernelError.refused(
        NAME, OPERATION, namespace.toString(), errno, errno, String.valueOf(cause.getMessage()));
  }

  static LvsException.Failure failure(String reason, String hint) {
    return new LvsException.Failure(OPERATION, "", NAME, reason, OptionalInt.empty(), hint);
  }

  private static LvsException.Failure failure(String reason, String hint, int errno) {
    return new LvsException.Failure(OPERATION, "", NAME, reason, OptionalInt.of(errno), hint);
  }
}
