// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import io.lvstun.netlink.socket.NetlinkSocket;
import io.lvstun.netlink.socket.SocketSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Sockets that count their calls and the time that passes in them. For one thread. */
final class TimedSockets implements SocketSource {

  private static final int LEAST_OF_CALL = 1000;

  private final SocketSource real;
  private final double clockNanos;
  private long nanos;
  private boolean recording;

  /** The time that opening and closing took: they are not in {@link #nanos}. */
  long openNanos;

  /** Calls with three arguments, and with more. */
  int shortCalls;

  int longCalls;

  private int clockReadings;

  /** What was received while {@link #record} was on. */
  final List<byte[]> recorded = new ArrayList<>();

  /**
   * Makes a source.
   *
   * @param real opens the sockets
   * @param clockNanos what looking at the clock takes, which is left out
   */
  TimedSockets(SocketSource real, double clockNanos) {
    this.real = real;
    this.clockNanos = clockNanos;
  }

  void reset() {
    nanos = 0;
    openNanos = 0;
    shortCalls = 0;
    longCalls = 0;
    clockReadings = 0;
  }

  void record(boolean on) {
    recording = on;
  }

  /** The time in sockets since {@link #reset}. */
  double nanos() {
    return nanos - 0.5 * clockReadings * clockNanos;
  }

  int calls() {
    return shortCalls + longCalls;
  }

  /** What it took to look at the clock. */
  double clockNanos() {
    return clockReadings * clockNanos;
  }

  @Override
  public NetlinkSocket open(int protocol) {
    long from = System.nanoTime();
    NetlinkSocket opened = real.open(protocol);
    openNanos += System.nanoTime() - from;
    return new Timed(opened);
  }

  @Override
  public InputStream openProcNet(String name) throws IOException {
    return real.openProcNet(name);
  }

  private void called(long took, boolean few) {
    nanos += took;
    clockReadings += 2;
    // What was read ahead is handed out without a call, which takes a fraction of one.
    if (took >= LEAST_OF_CALL) {
      shortCalls += few ? 1 : 0;
      longCalls += few ? 0 : 1;
    }
  }

  private final class Timed implements NetlinkSocket {

    private final NetlinkSocket socket;

    Timed(NetlinkSocket socket) {
      this.socket = socket;
    }

    @Override
    public int portId() {
      return socket.portId();
    }

    @Override
    public int receiveQueueBytes() {
      return socket.receiveQueueBytes();
    }

    @Override
    public int longestDatagram() {
      return socket.longestDatagram();
    }

    @Override
    public void send(ByteBuffer datagram) {
      long from = System.nanoTime();
      socket.send(datagram);
      called(System.nanoTime() - from, true);
    }

    @Override
    public int receive(ByteBuffer into) {
      long from = System.nanoTime();
      int length = socket.receive(into);
      called(System.nanoTime() - from, false);
      return received(length, into);
    }

    @Override
    public int receiveShort(ByteBuffer into) {
      long from = System.nanoTime();
      int length = socket.receiveShort(into);
      called(System.nanoTime() - from, true);
      return received(length, into);
    }

    @Override
    public int receiveAhead(ByteBuffer into) {
      long from = System.nanoTime();
      int length = socket.receiveAhead(into);
      called(System.nanoTime() - from, false);
      return received(length, into);
    }

    private int received(int length, ByteBuffer into) {
      if (recording && length > 0) {
        byte[] copy = new byte[length];
        into.duplicate().clear().get(0, copy);
        recorded.add(copy);
      }
      return length;
    }

    @Override
    public boolean await(int milliseconds) {
      long from = System.nanoTime();
      boolean ready = socket.await(milliseconds);
      called(System.nanoTime() - from, true);
      return ready;
    }

    @Override
    public void close() {
      long from = System.nanoTime();
      socket.close();
      openNanos += System.nanoTime() - from;
    }
  }
}
