// SPDX-License-Identifier: Apache-2.0
/** The doctor: what is wrong with an LVS-TUN cluster, on which host, and the exact fix. */
module io.lvstun.diagnostics {
  requires static transitive com.google.errorprone.annotations;
  requires static transitive org.jspecify;
  requires static micrometer.core;
  requires transitive io.lvstun.api;
  requires com.maxmind.db;
  requires info.picocli;
  requires java.xml;
  requires org.snakeyaml.engine;
  requires tools.jackson.databind;

  exports io.lvstun.diagnostics;
  exports io.lvstun.diagnostics.bundle;
  exports io.lvstun.diagnostics.check;
  exports io.lvstun.diagnostics.facts;
  exports io.lvstun.diagnostics.facts.firewall;
  exports io.lvstun.diagnostics.facts.ipvs;
  exports io.lvstun.diagnostics.facts.link;
  exports io.lvstun.diagnostics.facts.machine;
  exports io.lvstun.diagnostics.facts.section;
  exports io.lvstun.diagnostics.model;
  exports io.lvstun.diagnostics.probe;
  exports io.lvstun.diagnostics.probe.trace;
  exports io.lvstun.diagnostics.repair;
  exports io.lvstun.diagnostics.repair.journal;
  exports io.lvstun.diagnostics.repair.persist;
  exports io.lvstun.diagnostics.report;

  // The runner's options are set by reflection.
  opens io.lvstun.diagnostics.cli to
      info.picocli;
  opens io.lvstun.diagnostics.cli.option to
      info.picocli;
  opens io.lvstun.diagnostics.cli.terminal to
      info.picocli;

  uses io.lvstun.spi.IpvsDriverProvider;
  uses io.lvstun.spi.PacketSocketProvider;

  provides java.util.spi.ToolProvider with
      io.lvstun.diagnostics.cli.DoctorTool;
}
