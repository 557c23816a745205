// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import io.lvstun.AddressFamily;
import io.lvstun.Consistency;
import io.lvstun.RealServer;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.SyncDaemon;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import io.lvstun.netlink.ipvs.Decoder.ServiceHead;
import io.lvstun.netlink.message.MessageReader;
import io.lvstun.netlink.socket.Exchange;
import io.lvstun.netlink.socket.NetlinkSession;
import io.lvstun.netlink.socket.RefusedException;
import io.lvstun.spi.Aftermath;
import io.lvstun.spi.KernelError;
import io.lvstun.state.IpvsInfo;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads services and real servers through one channel.
 *
 * <p>The kernel hands a table out in pieces of about 90 entries. It remembers only how many entries
 * it has handed out, and counts again from the beginning for each piece. When entries of earlier
 * pieces are removed between two pieces, as many of the following ones are passed over; no flag
 * tells. Even services of other network namespaces count, which the kernel keeps in the same table
 * (Linux 6.1).
 *
 * <p>What came in a single piece was collected under the kernel's lock and is complete. Anything
 * else is read again, in pieces that begin half a piece later, until two readings in a row have the
 * same entries in the same order. Thus an entry is missed only if, in both, more than 40 entries
 * before it go away between two certain pieces, and both readings look alike nevertheless. While
 * other programs keep writing, readings differ; after {@value #MOST_READINGS} of them, everything
 * that any of them had counts, services that are not in the last one being asked for by name.
 */
final class TableReader implements Aftermath.Readings {

  static final int MOST_READINGS = 8;

  private final Channel channel;

  TableReader(Channel channel) {
    this.channel = channel;
  }

  // -- services -----------------------------------------------------------------------------------

  @Override
  public List<ServiceState> services() {
    return services(Consistency.VERIFIED);
  }

  List<ServiceState> services(Consistency consistency) {
    boolean verified = consistency == Consistency.VERIFIED;
    List<ServiceHead> heads = verified ? verifiedHeads() : heads(channel.bulk()).records();
    List<ServiceState> states = new ArrayList<>(heads.size());
    for (ServiceHead head : heads) {
      List<ServerState> servers =
          verified ? verifiedServers(head.key()) : servers(head.key()).records();
      // The kernel reports no servers of a service that has been removed meanwhile.
      if (servers.isEmpty() && verified && head(head.key()).isEmpty()) {
        continue;
      }
      states.add(state(head, servers));
    }
    return List.copyOf(states);
  }

  @Override
  public Optional<ServiceState> service(ServiceKey key) {
    Optional<ServiceHead> head = head(key);
    if (head.isEmpty()) {
      return Optional.empty();
    }
    List<ServerState> servers = verifiedServers(key);
    if (servers.isEmpty() && head(key).isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(state(head.get(), servers));
  }

  private static ServiceState state(ServiceHead head, List<ServerState> servers) {
    VirtualService definition = head.definition();
    RealServer[] realServers = new RealServer[servers.size()];
    for (int i = 0; i < realServers.length; i++) {
      realServers[i] = servers.get(i).definition();
    }
    return new ServiceState(
        VirtualService.observed(
            head.key(),
            definition.scheduler(),
            definition.persistence().orElse(null),
            definition.onePacket(),
            definition.foreign().orElse(null),
            List.of(realServers)),
        servers,
        head.counters(),
        head.rates());
  }

  /** Asks for one service, which the kernel answers for sure. */
  Optional<ServiceHead> head(ServiceKey key) {
    Reading<ServiceHead> reading = new Reading<>(channel.decoder()::service, channel.session());
    try {
      channel.ask(channel.session(), Ipvs.IPVS_CMD_GET_SERVICE, false, key, reading);
    } catch (RefusedException e) {
      if (e.errno() == KernelError.ESRCH.number()) {
        return Optional.empty();
      }
      throw e;
    }
    List<ServiceHead> found = reading.records();
    if (found.size() != 1 || !found.get(0).key().equals(key)) {
      throw MessageReader.malformed("asked for " + key + ", the kernel answered " + found);
    }
    return Optional.of(found.get(0));
  }

  private Reading<ServiceHead> heads(NetlinkSession session) {
    Reading<ServiceHead> reading = new Reading<>(channel.decoder()::service, session);
    channel.ask(session, Ipvs.IPVS_CMD_GET_SERVICE, true, reading);
    return reading;
  }

  private List<ServiceHead> verifiedHeads() {
    Reading<ServiceHead> last = heads(channel.bulk());
    if (last.isComplete()) {
      return last.records();
    }
    Map<ServiceKey, ServiceHead> all = new LinkedHashMap<>();
    last.records().forEach(head -> all.put(head.key(), head));
    boolean agreed = false;
    for (int count = 2; count <= MOST_READINGS && !agreed; count++) {
      Reading<ServiceHead> next = again(last, this::heads);
      agreed = sameServices(last.records(), next.records());
      if (agreed && count == 2) {
        return next.records();
      }
      next.records().forEach(head -> all.put(head.key(), head));
      last = next;
    }
    Map<ServiceKey, ServiceHead> doubtful = new LinkedHashMap<>(all);
    last.records().forEach(head -> doubtful.remove(head.key()));
    for (ServiceKey key : doubtful.keySet()) {
      head(key).ifPresentOrElse(head -> all.put(key, head), () -> all.remove(key));
    }
    return List.copyOf(all.values());
  }

  private static boolean sameServices(List<ServiceHead> a, List<ServiceHead> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!a.get(i).key().equals(b.get(i).key())) {
        return false;
      }
    }
    return true;
  }

  // -- real servers -------------------------------------------------------------------------------

  private Reading<ServerState> servers(NetlinkSession session, ServiceKey service) {
    AddressFamily family = service.family();
    Reading<ServerState> reading =
        new Reading<>(message -> channel.decoder().server(message, family), session);
    channel.ask(session, Ipvs.IPVS_CMD_GET_DEST, true, service, reading);
    return reading;
  }

  private Reading<ServerState> servers(ServiceKey service) {
    NetlinkSession session = channel.fitting();
    Reading<ServerState> reading = servers(session, service);
    channel.fitted(session, reading.neededPiece());
    return reading;
  }

  List<ServerState> verifiedServers(ServiceKey service) {
    Reading<ServerState> last = servers(service);
    if (last.isComplete()) {
      return last.records();
    }
    Map<ServerKey, ServerState> all = new LinkedHashMap<>();
    last.records().forEach(server -> all.put(server.key(), server));
    boolean agreed = false;
    for (int count = 2; count <= MOST_READINGS && !agreed; count++) {
      Reading<ServerState> next = again(last, session -> servers(session, service));
      agreed = sameServers(last.records(), next.records());
      if (agreed && count == 2) {
        return next.records();
      }
      next.records().forEach(server -> all.put(server.key(), server));
      last = next;
    }
    return List.copyOf(all.values());
  }

  private static boolean sameServers(List<ServerState> a, List<ServerState> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      RealServer first = a.get(i).definition();
      RealServer second = b.get(i).definition();
      if (first.port() != second.port() || !first.address().equals(second.address())) {
        return false;
      }
    }
    return true;
  }

  // -- IPVS as a whole ----------------------------------------------------------------------------

  @Override
  public Timeouts timeouts() {
    return single(Ipvs.IPVS_CMD_GET_CONFIG, channel.decoder()::timeouts);
  }

  IpvsInfo info() {
    return single(Ipvs.IPVS_CMD_GET_INFO, channel.decoder()::info);
  }

  /** At most two, which always fit one piece. */
  @Override
  public List<SyncDaemon> syncDaemons() {
    Reading<SyncDaemon> reading = new Reading<>(channel.decoder()::daemon, channel.session());
    channel.ask(channel.session(), Ipvs.IPVS_CMD_GET_DAEMON, true, reading);
    return List.copyOf(reading.records());
  }

  private <T> T single(int command, Function<MessageReader, T> decoder) {
    Reading<T> reading = new Reading<>(decoder, channel.session());
    channel.ask(channel.session(), command, false, reading);
    if (reading.records().size() != 1) {
      throw MessageReader.malformed(
          "a request for one thing was answered by " + reading.records().size());
    }
    return reading.records().get(0);
  }

  // -- readings -----------------------------------------------------------------------------------

  /** Reads in pieces that begin half a piece later than those of the last reading. */
  private <T> Reading<T> again(Reading<T> last, Function<NetlinkSession, Reading<T>> request) {
    try (NetlinkSession session = channel.shifted(last.lengthOfFirst)) {
      return request.apply(session);
    }
  }

  /** What one dump brought. */
  private static final class Reading<T> implements Exchange.Sink {

    /** By how much one record may exceed another: names have up to 16 characters. */
    private static final int VARIANCE = 64;

    private final Function<MessageReader, T> decoder;
    private final NetlinkSession session;
    private final int sizeOfFirst;
    private final List<T> records = new ArrayList<>();
    private int recordsBefore;
    private int longestRecord;
    private int pieces;
    private int bytes;
    private int lengthOfFirst;

    Reading(Function<MessageReader, T> decoder, NetlinkSession session) {
      this.decoder = decoder;
      this.session = session;
      sizeOfFirst = session.pieceBytes();
    }

    @Override
    public void message(MessageReader message) {
      longestRecord = Math.max(longestRecord, message.messageLength());
      records.add(decoder.apply(message));
    }

    @Override
    public void datagramEnd(MessageReader datagram) {
      if (records.size() == recordsBefore) {
        return;
      }
      recordsBefore = records.size();
      pieces++;
      bytes += datagram.datagramLength();
      if (pieces == 1) {
        lengthOfFirst = datagram.datagramLength();
        if (!isComplete()) {
          // There may be many more: let the kernel make the next pieces as large as it can.
          session.receiveWith(NetlinkSession.LARGE);
        }
      }
    }

    /** How large a piece must be to show that there is no more than what came. */
    int neededPiece() {
      return bytes + longestRecord + VARIANCE;
    }

    /** Whether all came in one piece, in which there was room for more. */
    boolean isComplete() {
      return pieces == 0 || pieces == 1 && neededPiece() <= sizeOfFirst;
    }

    /** Not a copy: states make their own. */
    List<T> records() {
      return Collections.unmodifiableList(records);
    }
  }
}
