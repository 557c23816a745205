// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi;

import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * A TCP connection of a {@link MarkedSocketProvider}. Not thread-safe.
 *
 * @since 0.1.0
 */
public interface MarkedSocket extends AutoCloseable {

  /**
   * Waits for bytes and reads them.
   *
   * @param buffer where to, from its position on; direct
   * @param wait how long, at most
   * @return how many came; 0 if none came in time, -1 if the peer has closed its side
   * @throws io.lvstun.LvsException with the error's number if the connection failed
   */
  int read(ByteBuffer buffer, Duration wait);

  /**
   * Writes all bytes of a buffer.
   *
   * @param buffer from its position to its limit
   * @param wait how long, at most
   * @throws io.lvstun.LvsException with the error's number if the connection failed, ETIMEDOUT if
   *     it took too long
   */
  void write(ByteBuffer buffer, Duration wait);

  /** Closes the connection. Doing it twice does no harm. */
  @Override
  void close();
}
