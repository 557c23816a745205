// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import io.lvstun.health.CheckResult.Cause;
import java.nio.ByteBuffer;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** Speaks TLS, and lets another conversation take place inside. */
final class TlsConversation implements Conversation {

  private final SSLEngine engine;
  private final int leastDaysLeft;
  private final @Nullable Conversation inner;
  private final Instant now;
  private ByteBuffer arrived;
  private final ByteBuffer plain;
  private final ByteBuffer wrapped;
  private boolean shaken;

  /**
   * Wraps a conversation.
   *
   * @param engine a client's engine, not started
   * @param leastDaysLeft how many days the certificate must still be valid; -1 not to look
   * @param inner what is said inside; null if the handshake is all
   * @param now the calendar's time
   */
  TlsConversation(SSLEngine engine, int leastDaysLeft, @Nullable Conversation inner, Instant now) {
    this.engine = engine;
    this.leastDaysLeft = leastDaysLeft;
    this.inner = inner;
    this.now = now;
    int packet = engine.getSession().getPacketBufferSize();
    arrived = ByteBuffer.allocate(2 * packet);
    wrapped = ByteBuffer.allocate(packet);
    plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
  }

  @Override
  public @Nullable Verdict connected(Out out) {
    try {
      engine.beginHandshake();
      return pump(out);
    } catch (SSLException e) {
      return failed(e);
    }
  }

  @Override
  public @Nullable Verdict received(ByteBuffer bytes, Out out) {
    try {
      while (bytes.hasRemaining()) {
        int count = Math.min(bytes.remaining(), arrived.remaining());
        if (count == 0) {
          return Verdict.failed(Cause.MALFORMED, "a TLS record exceeds the protocol's limit");
        }
        arrived.put(bytes.slice(bytes.position(), count));
        bytes.position(bytes.position() + count);
        Verdict verdict = pump(out);
        if (verdict != null) {
          return verdict;
        }
      }
      return null;
    } catch (SSLException e) {
      // What the engine has to say of it, so that the server learns why.
      alert(out);
      return failed(e);
    }
  }

  private void alert(Out out) {
    try {
      wrapped.clear();
      SSLEngineResult unused = engine.wrap(ByteBuffer.allocate(0), wrapped);
      flush(out);
    } catch (SSLException e) {
      // There is nothing more to say.
      wrapped.clear();
    }
  }

  private @Nullable Verdict pump(Out out) throws SSLException {
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> {
          for (Runnable task = engine.getDelegatedTask();
              task != null;
              task = engine.getDelegatedTask()) {
            task.run();
          }
        }
        case NEED_WRAP -> {
          SSLEngineResult result = engine.wrap(ByteBuffer.allocate(0), wrapped.clear());
          flush(out);
          if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
            return closed();
          }
        }
        default -> {
          if (!shaken && established()) {
            shaken = true;
            Verdict verdict = handshakeEnded(out);
            if (verdict != null) {
              return verdict;
            }
            continue;
          }
          arrived.flip();
          SSLEngineResult result = engine.unwrap(arrived, plain.clear());
          arrived.compact();
          plain.flip();
          switch (result.getStatus()) {
            case BUFFER_UNDERFLOW -> {
              return null;
            }
            case CLOSED -> {
              return closed();
            }
            default -> {
              if (plain.hasRemaining() && inner != null) {
                Verdict verdict = inner.received(plain, bytes -> sendInside(bytes, out));
                if (verdict != null) {
                  return verdict;
                }
              }
            }
          }
        }
      }
    }
  }

  private boolean established() {
    return engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING
        && !engine.getSession().getCipherSuite().equals("SSL_NULL_WITH_NULL_NULL");
  }

  private @Nullable Verdict handshakeEnded(Out out) {
    String detail = engine.getSession().getProtocol();
    if (leastDaysLeft >= 0) {
      X509Certificate certificate = certificate();
      if (certificate == null) {
        return Verdict.failed(Cause.TLS, "the server shows no certificate");
      }
      Instant end = certificate.getNotAfter().toInstant();
      long days = Math.floorDiv(Duration.between(now, end).toSeconds(), 86_400);
      if (days < leastDaysLeft || now.isBefore(certificate.getNotBefore().toInstant())) {
        return Verdict.failed(
            Cause.TLS,
            days < 0
                ? "the certificate expired at " + end
                : now.isBefore(certificate.getNotBefore().toInstant())
                    ? "the certificate is valid from " + certificate.getNotBefore().toInstant()
                    : "the certificate is valid for "
                        + days
                        + " more days, "
                        + leastDaysLeft
                        + " expected");
      }
      detail += ", certificate valid for " + days + " more days";
    }
    if (inner == null) {
      return Verdict.passed(detail);
    }
    return inner.connected(bytes -> sendInside(bytes, out));
  }

  private @Nullable X509Certificate certificate() {
    try {
      Certificate[] chain = engine.getSession().getPeerCertificates();
      return chain.length > 0 && chain[0] instanceof X509Certificate first ? first : null;
    } catch (SSLPeerUnverifiedException e) {
      return null;
    }
  }

  private void sendInside(ByteBuffer bytes, Out out) {
    try {
      while (bytes.hasRemaining()) {
        SSLEngineResult unused = engine.wrap(bytes, wrapped.clear());
        flush(out);
        if (engine.isOutboundDone()) {
          return;
        }
      }
    } catch (SSLException e) {
      // The server's answer, or its absence, tells.
      wrapped.clear();
    }
  }

  private void flush(Out out) {
    wrapped.flip();
    if (wrapped.hasRemaining()) {
      ByteBuffer copy = ByteBuffer.allocate(wrapped.remaining());
      out.send(copy.put(wrapped).flip());
    }
    wrapped.clear();
  }

  private static Verdict failed(SSLException e) {
    return Verdict.failed(Cause.TLS, "TLS: " + e.getMessage());
  }

  @Override
  public Verdict closed() {
    if (shaken && inner != null) {
      return inner.closed();
    }
    return Verdict.failed(Cause.TLS, "connection closed during the TLS handshake");
  }
}
