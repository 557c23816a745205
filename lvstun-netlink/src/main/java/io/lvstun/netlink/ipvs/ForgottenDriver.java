// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Releases a driver's resources when it is closed, or when it becomes unreachable; the latter logs
 * a warning once per JVM. Must not reference the driver.
 */
final class ForgottenDriver implements Runnable {

  private static final System.Logger LOGGER = System.getLogger(NetlinkDriver.class.getName());
  private static final AtomicBoolean WARNED = new AtomicBoolean();

  private final ChannelPool pool;
  private final AtomicBoolean closed;
  private final AtomicBoolean warned;
  private final Consumer<String> log;

  ForgottenDriver(ChannelPool pool, AtomicBoolean closed) {
    this(pool, closed, WARNED, text -> LOGGER.log(System.Logger.Level.WARNING, text));
  }

  ForgottenDriver(
      ChannelPool pool, AtomicBoolean closed, AtomicBoolean warned, Consumer<String> log) {
    this.pool = pool;
    this.closed = closed;
    this.warned = warned;
    this.log = log;
  }

  /** Watches a driver that uses the pool. */
  Cleaner.Cleanable watch(NetlinkDriver driver) {
    return Watch.CLEANER.register(driver, this);
  }

  @Override
  public void run() {
    if (!closed.getAndSet(true) && !warned.getAndSet(true)) {
      log.accept(
          "a director of the netlink driver was never closed; its sockets are closed now. Close"
              + " directors, for example with try-with-resources. This warning is logged once");
    }
    pool.close();
  }

  /** Its thread starts with the first driver. */
  private static final class Watch {
    static final Cleaner CLEANER =
        Cleaner.create(
            task -> {
              Thread thread = new Thread(task, "lvstun-cleaner");
              thread.setDaemon(true);
              return thread;
            });
  }
}
