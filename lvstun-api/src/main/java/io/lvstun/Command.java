// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import java.util.Objects;
import java.util.Optional;

/**
 * A command that changes the IPVS tables: one record for each writing command of the kernel's
 * netlink family. To read, use the methods of {@link Director}.
 *
 * @since 0.1.0
 */
public sealed interface Command {

  /**
   * Adds a service; its real servers are separate commands. {@code IPVS_CMD_NEW_SERVICE}.
   *
   * @param service the service, kept without real servers
   * @since 0.1.0
   */
  record AddService(VirtualService service) implements Command {
    /** Drops the real servers. */
    public AddService {
      service = Objects.requireNonNull(service, "service").withoutRealServers();
    }

    @Override
    public String operation() {
      return "add service";
    }

    @Override
    public String target() {
      return service.key().toString();
    }
  }

  /**
   * Replaces all settings of a service except its key and its real servers. {@code
   * IPVS_CMD_SET_SERVICE}.
   *
   * @param service the whole new value, kept without real servers
   * @since 0.1.0
   */
  record EditService(VirtualService service) implements Command {
    /** Drops the real servers. */
    public EditService {
      service = Objects.requireNonNull(service, "service").withoutRealServers();
    }

    @Override
    public String operation() {
      return "edit service";
    }

    @Override
    public String target() {
      return service.key().toString();
    }
  }

  /**
   * Removes a service with its real servers. {@code IPVS_CMD_DEL_SERVICE}.
   *
   * @param service the service
   * @since 0.1.0
   */
  record RemoveService(ServiceKey service) implements Command {
    /** Refuses null. */
    public RemoveService {
      Objects.requireNonNull(service, "service");
    }

    @Override
    public String operation() {
      return "remove service";
    }

    @Override
    public String target() {
      return service.toString();
    }
  }

  /**
   * Adds a real server to a service. {@code IPVS_CMD_NEW_DEST}.
   *
   * @param service the service
   * @param server the real server
   * @since 0.1.0
   */
  record AddServer(ServiceKey service, RealServer server) implements Command {
    /** Refuses null. */
    public AddServer {
      Objects.requireNonNull(service, "service");
      Objects.requireNonNull(server, "server");
    }

    @Override
    public String operation() {
      return "add real server";
    }

    @Override
    public String target() {
      return server.key() + " of " + service;
    }
  }

  /**
   * Replaces all settings of a real server except its key: settings that are not repeated are lost,
   * so the value must be complete. {@code IPVS_CMD_SET_DEST}.
   *
   * @param service the service
   * @param server the whole new value
   * @since 0.1.0
   */
  record EditServer(ServiceKey service, RealServer server) implements Command {
    /** Refuses null. */
    public EditServer {
      Objects.requireNonNull(service, "service");
      Objects.requireNonNull(server, "server");
    }

    @Override
    public String operation() {
      return "edit real server";
    }

    @Override
    public String target() {
      return server.key() + " of " + service;
    }
  }

  /**
   * Removes a real server from a service. {@code IPVS_CMD_DEL_DEST}.
   *
   * @param service the service
   * @param server the real server
   * @since 0.1.0
   */
  record RemoveServer(ServiceKey service, ServerKey server) implements Command {
    /** Refuses null. */
    public RemoveServer {
      Objects.requireNonNull(service, "service");
      Objects.requireNonNull(server, "server");
    }

    @Override
    public String operation() {
      return "remove real server";
    }

    @Override
    public String target() {
      return server + " of " + service;
    }
  }

  /**
   * Starts a sync daemon. {@code IPVS_CMD_NEW_DAEMON}.
   *
   * @param daemon its options
   * @since 0.1.0
   */
  record StartDaemon(SyncDaemon daemon) implements Command {
    /** Refuses null. */
    public StartDaemon {
      Objects.requireNonNull(daemon, "daemon");
    }

    @Override
    public String operation() {
      return "start sync daemon";
    }

    @Override
    public String target() {
      return daemon.role() + " on " + daemon.interfaceName();
    }
  }

  /**
   * Stops a sync daemon. {@code IPVS_CMD_DEL_DAEMON}.
   *
   * @param role which of the two
   * @since 0.1.0
   */
  record StopDaemon(SyncDaemon.Role role) implements Command {
    /** Refuses null. */
    public StopDaemon {
      Objects.requireNonNull(role, "role");
    }

    @Override
    public String operation() {
      return "stop sync daemon";
    }

    @Override
    public String target() {
      return role.toString();
    }
  }

  /**
   * Sets the connection time-outs; 0 leaves one as it is. {@code IPVS_CMD_SET_CONFIG}.
   *
   * @param timeouts the time-outs
   * @since 0.1.0
   */
  record SetTimeouts(Timeouts timeouts) implements Command {
    /** Refuses null. */
    public SetTimeouts {
      Objects.requireNonNull(timeouts, "timeouts");
    }

    @Override
    public String operation() {
      return "set timeouts";
    }

    @Override
    public String target() {
      return timeouts.toString();
    }
  }

  /**
   * Sets the counters of one service and its real servers, or of all, to 0. {@code IPVS_CMD_ZERO}.
   *
   * @param service the service, or empty for all
   * @since 0.1.0
   */
  record Zero(Optional<ServiceKey> service) implements Command {
    /** Refuses null. */
    public Zero {
      Objects.requireNonNull(service, "service");
    }

    @Override
    public String operation() {
      return "zero counters";
    }

    @Override
    public String target() {
      return service.map(key -> "of " + key).orElse("");
    }
  }

  /**
   * Removes every service. {@code IPVS_CMD_FLUSH}.
   *
   * @since 0.1.0
   */
  record Flush() implements Command {
    @Override
    public String operation() {
      return "flush services";
    }

    @Override
    public String target() {
      return "";
    }
  }

  /**
   * Says what the command does, for messages.
   *
   * @return a verb phrase such as {@code "add service"}
   */
  String operation();

  /**
   * Says on what the command works, for messages.
   *
   * @return for example {@code "TCP 192.0.2.1:80"}; empty if on everything
   */
  String target();
}
