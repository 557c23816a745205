// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.ipvs;

import io.lvstun.AddressFamily;
import io.lvstun.Consistency;
import io.lvstun.Encapsulation;
import io.lvstun.Forwarding;
import io.lvstun.IpAddress;
import io.lvstun.Persistence;
import io.lvstun.Protocol;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.ServiceKey;
import io.lvstun.SyncDaemon;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import io.lvstun.diagnostics.facts.section.Json;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.state.Counters;
import io.lvstun.state.Rates;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a driver reads, as the JSON of a section.
 *
 * @since 0.1.0
 */
public record IpvsJson(
    String driver, List<ServiceState> services, Timeouts timeouts, List<SyncDaemon> syncDaemons) {

  /** Reads the table through a driver of this process, as JSON. */
  public static String read(IpvsDriver driver) {
    return write(
        new IpvsJson(
            driver.name(),
            driver.services(Consistency.VERIFIED),
            driver.timeouts(),
            driver.syncDaemons()));
  }

  static String write(IpvsJson table) {
    ObjectNode root = Json.MAPPER.createObjectNode();
    root.put("driver", table.driver());
    ObjectNode timeouts = root.putObject("timeouts");
    timeouts.put("tcp", table.timeouts().tcp().toSeconds());
    timeouts.put("tcpFin", table.timeouts().tcpFin().toSeconds());
    timeouts.put("udp", table.timeouts().udp().toSeconds());
    ArrayNode daemons = root.putArray("syncDaemons");
    for (SyncDaemon daemon : table.syncDaemons()) {
      ObjectNode node = daemons.addObject();
      node.put("role", daemon.role().name());
      node.put("interface", daemon.interfaceName());
      node.put("syncId", daemon.syncId());
      node.put("maxLength", daemon.maxLength());
      node.put("group", IpAddress.format(daemon.group()));
      node.put("port", daemon.port());
      node.put("ttl", daemon.ttl());
    }
    ArrayNode services = root.putArray("services");
    for (ServiceState service : table.services()) {
      write(services.addObject(), service);
    }
    return Json.MAPPER.writeValueAsString(root);
  }

  private static void write(ObjectNode node, ServiceState service) {
    VirtualService definition = service.definition();
    if (service.key() instanceof ServiceKey.Endpoint endpoint) {
      node.put("protocol", endpoint.protocol().number());
      node.put("address", IpAddress.format(endpoint.address()));
      node.put("port", endpoint.port());
    } else if (service.key() instanceof ServiceKey.Mark mark) {
      node.put("mark", mark.mark());
      node.put("ipv6", mark.family() == AddressFamily.IPV6);
    }
    node.put("scheduler", definition.scheduler().name());
    node.put("schedulerFlags", definition.scheduler().flagBits());
    node.put("onePacket", definition.onePacket());
    definition
        .persistence()
        .ifPresent(
            persistence -> {
              ObjectNode child = node.putObject("persistence");
              child.put("timeout", persistence.timeout().toSeconds());
              child.put("mask", persistence.mask(service.key().family()));
              persistence.engine().ifPresent(engine -> child.put("engine", engine));
            });
    write(node.putObject("counters"), service.counters());
    ArrayNode servers = node.putArray("servers");
    for (ServerState server : service.servers()) {
      ObjectNode child = servers.addObject();
      RealServer real = server.definition();
      child.put("address", IpAddress.format(real.address()));
      child.put("port", real.port());
      child.put("forwarding", real.forwarding().code());
      if (real.forwarding() instanceof Forwarding.Tunnel tunnel) {
        child.put("tunnelType", tunnel.encapsulation().type());
        child.put("tunnelPort", tunnel.encapsulation().port());
        child.put("tunnelFlags", tunnel.encapsulation().flags());
      }
      child.put("weight", real.weight());
      child.put("upperThreshold", real.upperThreshold());
      child.put("lowerThreshold", real.lowerThreshold());
      child.put("active", server.activeConnections());
      child.put("inactive", server.inactiveConnections());
      child.put("persistent", server.persistentConnections());
      write(child.putObject("counters"), server.counters());
    }
  }

  private static void write(ObjectNode node, Counters counters) {
    node.put("connections", counters.connections());
    node.put("inPackets", counters.inPackets());
    node.put("outPackets", counters.outPackets());
    node.put("inBytes", counters.inBytes());
    node.put("outBytes", counters.outBytes());
  }

  static IpvsJson parse(String text) {
    JsonNode root = Json.MAPPER.readTree(text);
    JsonNode timeouts = root.path("timeouts");
    List<SyncDaemon> daemons = new ArrayList<>();
    for (JsonNode node : root.path("syncDaemons")) {
      daemons.add(
          new SyncDaemon(
              SyncDaemon.Role.valueOf(node.path("role").asString("")),
              node.path("interface").asString(""),
              node.path("syncId").asInt(0),
              node.path("maxLength").asInt(0),
              IpAddress.parse(node.path("group").asString("")),
              node.path("port").asInt(0),
              node.path("ttl").asInt(0)));
    }
    List<ServiceState> services = new ArrayList<>();
    for (JsonNode node : root.path("services")) {
      services.add(service(node));
    }
    return new IpvsJson(
        root.path("driver").asString(""),
        List.copyOf(services),
        Timeouts.ofSeconds(
            timeouts.path("tcp").asLong(0),
            timeouts.path("tcpFin").asLong(0),
            timeouts.path("udp").asLong(0)),
        List.copyOf(daemons));
  }

  private static ServiceState service(JsonNode node) {
    ServiceKey key =
        node.has("mark")
            ? new ServiceKey.Mark(
                node.path("mark").asLong(0),
                node.path("ipv6").asBoolean(false) ? AddressFamily.IPV6 : AddressFamily.IPV4)
            : new ServiceKey.Endpoint(
                new Protocol(node.path("protocol").asInt(0)),
                IpAddress.parse(node.path("address").asString("")),
                node.path("port").asInt(0));
    JsonNode persistence = node.path("persistence");
    List<ServerState> servers = new ArrayList<>();
    for (JsonNode child : node.path("servers")) {
      servers.add(
          new ServerState(
              new RealServer(
                  IpAddress.parse(child.path("address").asString("")),
                  child.path("port").asInt(0),
                  Forwarding.observed(
                      child.path("forwarding").asInt(0),
                      new Encapsulation(
                          child.path("tunnelType").asInt(0),
                          child.path("tunnelPort").asInt(0),
                          child.path("tunnelFlags").asInt(0))),
                  child.path("weight").asInt(0),
                  child.path("upperThreshold").asLong(0),
                  child.path("lowerThreshold").asLong(0)),
              child.path("active").asLong(0),
              child.path("inactive").asLong(0),
              child.path("persistent").asLong(0),
              counters(child.path("counters")),
              Rates.ZERO));
    }
    return new ServiceState(
        VirtualService.observed(
            key,
            new Scheduler(
                node.path("scheduler").asString(""),
                Scheduler.flagsOf(node.path("schedulerFlags").asInt(0))),
            persistence.isObject()
                ? Persistence.observed(
                    persistence.path("timeout").asLong(0),
                    key.family(),
                    persistence.path("mask").asInt(0),
                    Optional.ofNullable(persistence.path("engine").stringValue(null)).orElse(null))
                : null,
            node.path("onePacket").asBoolean(false),
            servers.stream().map(ServerState::definition).toList()),
        servers,
        counters(node.path("counters")),
        Rates.ZERO);
  }

  private static Counters counters(JsonNode node) {
    return Counters.of(
        node.path("connections").asLong(0),
        node.path("inPackets").asLong(0),
        node.path("outPackets").asLong(0),
        node.path("inBytes").asLong(0),
        node.path("outBytes").asLong(0));
  }
}
