// SPDX-License-Identifier: Apache-2.0
/** Values, director, driver SPI, and the in-memory and ipvsadm drivers of lvstun. */
module io.lvstun.api {
  requires static com.google.errorprone.annotations;
  requires static org.jspecify;
  requires static com.maxmind.db;
  requires static micrometer.core;
  requires static org.snakeyaml.engine;
  requires org.apache.commons.exec;

  exports io.lvstun;
  exports io.lvstun.availability;
  exports io.lvstun.cluster;
  exports io.lvstun.control;
  exports io.lvstun.health;
  exports io.lvstun.host;
  exports io.lvstun.health.runner;
  exports io.lvstun.ipvsadm;
  exports io.lvstun.keepalived;
  exports io.lvstun.memory;
  exports io.lvstun.metrics;
  exports io.lvstun.network;
  exports io.lvstun.rules;
  exports io.lvstun.spi;
  exports io.lvstun.state;
  exports io.lvstun.steering;
  exports io.lvstun.weight;

  uses io.lvstun.network.HostNetworkProvider;
  uses io.lvstun.spi.IpvsDriverProvider;
  uses io.lvstun.spi.MarkedSocketProvider;
  uses io.lvstun.spi.PacketSocketProvider;

  provides io.lvstun.spi.IpvsDriverProvider with
      io.lvstun.ipvsadm.IpvsadmDriverProvider,
      io.lvstun.memory.MemoryDriverProvider;
}
