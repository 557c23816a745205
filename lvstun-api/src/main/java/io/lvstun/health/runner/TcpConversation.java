// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import io.lvstun.health.CheckResult.Cause;
import java.nio.ByteBuffer;

/** Nothing is said: that the connection is there is enough. */
final class TcpConversation implements Conversation {

  @Override
  public Verdict connected(Out out) {
    return Verdict.passed("connected");
  }

  @Override
  public Verdict received(ByteBuffer bytes, Out out) {
    return Verdict.passed("connected");
  }

  @Override
  public Verdict closed() {
    return Verdict.failed(Cause.CLOSED, "connection closed");
  }
}
