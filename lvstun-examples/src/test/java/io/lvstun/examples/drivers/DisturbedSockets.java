// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.drivers;

import io.lvstun.NetworkNamespace;
import io.lvstun.netlink.socket.KernelSocketSource;
import io.lvstun.netlink.socket.NetlinkSocket;
import io.lvstun.netlink.socket.SocketSource;
import io.lvstun.spi.HeldNamespace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Real sockets of a namespace, to which a test does what seldom happens to them by itself. */
class DisturbedSockets implements SocketSource {

  static final int EAGAIN = 11;

  private final KernelSocketSource source;

  /**
   * Makes a source.
   *
   * @param queueBytes SO_RCVBUF to ask for
   */
  DisturbedSockets(NetworkNamespace namespace, int queueBytes) {
    KernelSocketSource.load();
    source = new KernelSocketSource(HeldNamespace.open(namespace, "netlink"), queueBytes);
  }

  /** Returns what the driver is told of the length of the queue. */
  int queueBytes(NetlinkSocket real) {
    return real.receiveQueueBytes();
  }

  /** Sends a datagram, or something else. */
  void send(NetlinkSocket real, ByteBuffer datagram) {
    real.send(datagram);
  }

  /** Receives, or pretends that nothing came. */
  int receive(NetlinkSocket real, ByteBuffer into) {
    return real.receive(into);
  }

  @Override
  public final InputStream openProcNet(String name) throws IOException {
    return source.openProcNet(name);
  }

  @Override
  public final void requireCurrent(String operation, String target) {
    source.requireCurrent(operation, target);
  }

  @Override
  public final void close() {
    source.close();
  }

  @Override
  public NetlinkSocket open(int protocol) {
    return new Socket(source.open(protocol));
  }

  private final class Socket implements NetlinkSocket {

    private final NetlinkSocket real;

    Socket(NetlinkSocket real) {
      this.real = real;
    }

    @Override
    public int portId() {
      return real.portId();
    }

    @Override
    public int receiveQueueBytes() {
      return queueBytes(real);
    }

    @Override
    public int longestDatagram() {
      return real.longestDatagram();
    }

    @Override
    public void send(ByteBuffer datagram) {
      DisturbedSockets.this.send(real, datagram);
    }

    @Override
    public int receive(ByteBuffer into) {
      return DisturbedSockets.this.receive(real, into);
    }

    @Override
    public boolean await(int milliseconds) {
      return real.await(milliseconds);
    }

    @Override
    public void close() {
      real.close();
    }
  }
}
