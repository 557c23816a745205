// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import io.lvstun.health.CheckResult.Cause;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One side of a conversation with a server over a stream: what to send and what the answers say. It
 * knows no socket and no clock. Its methods return a verdict once it is reached, and null until
 * then.
 */
interface Conversation {

  /**
   * How a conversation ended.
   *
   * @param cause why it failed; {@link Cause#NONE} if it passed
   */
  record Verdict(Cause cause, String detail) {

    static Verdict passed(String detail) {
      return new Verdict(Cause.NONE, detail);
    }

    static Verdict failed(Cause cause, String detail) {
      return new Verdict(cause, detail);
    }
  }

  /** Takes what is to be sent. */
  interface Out {
    void send(ByteBuffer bytes);
  }

  /** The connection is there. */
  @Nullable Verdict connected(Out out);

  /** Bytes came; those that are not taken are lost. */
  @Nullable Verdict received(ByteBuffer bytes, Out out);

  /** The server has closed its side. */
  Verdict closed();
}
