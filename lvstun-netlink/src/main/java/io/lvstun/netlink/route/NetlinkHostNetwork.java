// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.route;

import static io.lvstun.netlink.message.Netlink.NLM_F_CREATE;
import static io.lvstun.netlink.message.Netlink.NLM_F_EXCL;

import io.lvstun.AddressFamily;
import io.lvstun.NotFoundException;
import io.lvstun.netlink.message.MessageWriter;
import io.lvstun.netlink.route.RouteChannel.Request;
import io.lvstun.netlink.route.RouteChannel.Task;
import io.lvstun.netlink.socket.SocketSource;
import io.lvstun.network.AddressState;
import io.lvstun.network.GuePort;
import io.lvstun.network.HostNetwork;
import io.lvstun.network.Link;
import io.lvstun.network.LinkAddress;
import io.lvstun.network.MarkRule;
import io.lvstun.network.Route;
import io.lvstun.network.Tunnel;
import io.lvstun.spi.NetworkSubject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A host's network through rtnetlink, and the generic netlink family {@code fou} for GUE.
 *
 * <p>Thread-safe: see {@link RouteChannel}.
 */
public final class NetlinkHostNetwork implements HostNetwork {

  private static final int ADD = NLM_F_CREATE | NLM_F_EXCL;
  private static final int LEAST_MTU = 68;

  private final SocketSource source;
  private final RouteChannel route;
  private final RouteChannel generic;

  /**
   * Makes it; sockets are opened when they are needed.
   *
   * @param source opens them; closed with the network
   * @param time how long a request may take
   */
  public NetlinkHostNetwork(SocketSource source, Duration time) {
    this.source = source;
    route = new RouteChannel(source, SocketSource.ROUTE, time);
    generic = new RouteChannel(source, SocketSource.GENERIC, time);
  }

  /** Writes a message of rtnetlink whose number it is given. */
  private interface Message {
    void write(MessageWriter writer, int flags, int sequence);
  }

  private static Request request(Message message) {
    return (session, flags, deadline) -> {
      int sequence = session.takeSequence(1);
      message.write(session.writer(), flags, sequence);
      return sequence;
    };
  }

  // -- links --------------------------------------------------------------------------------------

  @Override
  public List<Link> links() {
    List<Link> links =
        new ArrayList<>(
            route.dump(
                new Task(NetworkSubject.LINK, "read links", ""),
                request((w, f, s) -> LinkCodec.name(w, Rtnetlink.RTM_GETLINK, f, s, "")),
                LinkCodec::read));
    links.sort(Comparator.comparingInt(Link::index));
    return List.copyOf(links);
  }

  @Override
  public Optional<Link> link(String name) {
    try {
      return route
          .ask(
              new Task(NetworkSubject.LINK, "read link", LinkNames.link(name)),
              request((w, f, s) -> LinkCodec.name(w, Rtnetlink.RTM_GETLINK, f, s, name)),
              LinkCodec::read)
          .stream()
          .findFirst();
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  @Override
  public void setUp(String link, boolean up) {
    route.change(
        new Task(NetworkSubject.LINK, up ? "set up link" : "set down link", LinkNames.link(link)),
        0,
        request((w, f, s) -> LinkCodec.up(w, f, s, link, up)),
        () -> link(link).filter(state -> state.isUp() == up).isPresent());
  }

  @Override
  public void setMtu(String link, int bytes) {
    if (bytes < LEAST_MTU) {
      throw new IllegalArgumentException("mtu must be " + LEAST_MTU + " or more, not " + bytes);
    }
    route.change(
        new Task(NetworkSubject.LINK, "set the mtu of link", LinkNames.link(link)),
        0,
        request((w, f, s) -> LinkCodec.mtu(w, f, s, link, bytes)),
        () -> link(link).filter(state -> state.mtu() == bytes).isPresent());
  }

  @Override
  public void createTunnel(Tunnel tunnel) {
    route.change(
        new Task(NetworkSubject.LINK, "create tunnel", tunnel.toString()),
        ADD,
        request((w, f, s) -> LinkCodec.create(w, f, s, tunnel)),
        () -> link(tunnel.name()).flatMap(Link::tunnel).filter(tunnel::equals).isPresent());
  }

  @Override
  public void deleteLink(String link) {
    Task task = new Task(NetworkSubject.LINK, "delete link", LinkNames.link(link));
    int index = index(task, link);
    route.change(
        task,
        0,
        request((w, f, s) -> LinkCodec.name(w, Rtnetlink.RTM_DELLINK, f, s, link)),
        () -> !isThere(link, index));
    // The kernel acknowledges the deletion of tunl0 and its like, and does nothing.
    if (isThere(link, index)) {
      throw RouteFailures.kept(task);
    }
  }

  private boolean isThere(String link, int index) {
    return link(link).filter(found -> found.index() == index).isPresent();
  }

  /** The number of a link that a task needs. */
  private int index(Task task, String link) {
    return link(link).orElseThrow(() -> RouteFailures.noLink(task, link)).index();
  }

  private Map<Integer, String> names() {
    Map<Integer, String> names = new HashMap<>();
    links().forEach(link -> names.put(link.index(), link.name()));
    return names;
  }

  // -- addresses ----------------------------------------------------------------------------------

  @Override
  public List<AddressState> addresses() {
    Map<Integer, String> names = names();
    return route.dump(
        new Task(NetworkSubject.ADDRESS, "read addresses", ""),
        request(AddressCodec::dump),
        message -> AddressCodec.read(message, names));
  }

  @Override
  public void addAddress(String link, LinkAddress address) {
    Task task =
        new Task(NetworkSubject.ADDRESS, "add address", address + " on " + LinkNames.link(link));
    int index = index(task, link);
    route.change(
        task,
        ADD,
        request((w, f, s) -> AddressCodec.add(w, f, s, index, address)),
        () -> isOn(link, address));
  }

  @Override
  public void removeAddress(String link, LinkAddress address) {
    Task task =
        new Task(
            NetworkSubject.ADDRESS, "remove address", address + " from " + LinkNames.link(link));
    int index = index(task, link);
    route.change(
        task,
        0,
        request((w, f, s) -> AddressCodec.remove(w, f, s, index, address)),
        () -> !isOn(link, address));
  }

  private boolean isOn(String link, LinkAddress address) {
    return addresses().stream()
        .anyMatch(
            state ->
                state.link().equals(link)
                    && state.definition().address().equals(address.address())
                    && state.definition().prefixLength() == address.prefixLength());
  }

  // -- routes and rules ---------------------------------------------------------------------------

  @Override
  public List<Route> routes(long table) {
    Map<Integer, String> names = names();
    return route.dump(
        new Task(NetworkSubject.ROUTE, "read routes of table", Long.toString(table)),
        request(RouteCodec::dump),
        message -> RouteCodec.read(message, table, names));
  }

  @Override
  public void addRoute(Route wanted) {
    change(new Task(NetworkSubject.ROUTE, "add route", wanted.toString()), ADD, wanted);
  }

  @Override
  public void removeRoute(Route wanted) {
    change(new Task(NetworkSubject.ROUTE, "remove route", wanted.toString()), 0, wanted);
  }

  private void change(Task task, int flags, Route wanted) {
    boolean adding = flags != 0;
    int type = adding ? Rtnetlink.RTM_NEWROUTE : Rtnetlink.RTM_DELROUTE;
    int index = wanted.link().isEmpty() ? 0 : index(task, wanted.link());
    route.change(
        task,
        flags,
        request((w, f, s) -> RouteCodec.change(w, type, f, s, wanted, index)),
        () -> routes(wanted.table()).stream().anyMatch(found -> is(found, wanted)) == adding);
  }

  /** Whether a route is the one that is meant: where that one is silent, any value does. */
  private static boolean is(Route found, Route wanted) {
    return found.destination().equals(wanted.destination())
        && found.prefixLength() == wanted.prefixLength()
        && found.type() == wanted.type()
        && (wanted.link().isEmpty() || wanted.link().equals(found.link()))
        && (wanted.gateway().isEmpty() || wanted.gateway().equals(found.gateway()))
        && (wanted.source().isEmpty() || wanted.source().equals(found.source()))
        && (wanted.metric() == 0 || wanted.metric() == found.metric());
  }

  @Override
  public List<MarkRule> markRules() {
    List<MarkRule> rules = new ArrayList<>();
    for (AddressFamily family : AddressFamily.values()) {
      rules.addAll(
          route.dump(
              new Task(NetworkSubject.RULE, "read rules of", family.toString()),
              request((w, f, s) -> RuleCodec.dump(w, f, s, family)),
              RuleCodec::read));
    }
    return List.copyOf(rules);
  }

  @Override
  public void addMarkRule(MarkRule rule) {
    route.change(
        new Task(NetworkSubject.RULE, "add rule", rule.toString()),
        ADD,
        request((w, f, s) -> RuleCodec.change(w, Rtnetlink.RTM_NEWRULE, f, s, rule)),
        () -> isThere(rule));
  }

  @Override
  public void removeMarkRule(MarkRule rule) {
    route.change(
        new Task(NetworkSubject.RULE, "remove rule", rule.toString()),
        0,
        request((w, f, s) -> RuleCodec.change(w, Rtnetlink.RTM_DELRULE, f, s, rule)),
        () -> !isThere(rule));
  }

  private boolean isThere(MarkRule rule) {
    return markRules().stream()
        .anyMatch(found -> (rule.priority() == 0 ? found.priority(0) : found).equals(rule));
  }

  // -- GUE ----------------------------------------------------------------------------------------

  @Override
  public List<GuePort> guePorts() {
    try {
      return generic.dump(
          new Task(NetworkSubject.GUE_PORT, "read GUE ports", ""),
          (session, flags, deadline) ->
              GueCodec.write(session, Rtnetlink.FOU_CMD_GET, flags, deadline, null),
          GueCodec::read);
    } catch (NotFoundException e) {
      return List.of();
    }
  }

  @Override
  public void openGuePort(GuePort port) {
    generic.change(
        new Task(NetworkSubject.GUE_PORT, "open GUE", port.toString()),
        0,
        (session, flags, deadline) ->
            GueCodec.write(session, Rtnetlink.FOU_CMD_ADD, flags, deadline, port),
        () -> guePorts().contains(port));
  }

  @Override
  public void closeGuePort(GuePort port) {
    generic.change(
        new Task(NetworkSubject.GUE_PORT, "close GUE", port.toString()),
        0,
        (session, flags, deadline) ->
            GueCodec.write(session, Rtnetlink.FOU_CMD_DEL, flags, deadline, port),
        () -> !guePorts().contains(port));
  }

  @Override
  public void close() {
    route.close();
    generic.close();
    source.close();
  }

  /** Returns the driver's name. */
  @Override
  public String toString() {
    return "netlink";
  }
}
