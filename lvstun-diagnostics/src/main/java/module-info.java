// SPDX-License-Identifier: Apache-2.0
/** The doctor: what is wrong with an LVS-TUN cluster, on which host, and the exact fix. */
module io.lvstun.diagnostics {
  requires static transitive com.google.errorprone.annotations;
  requires static transitive org.jspecify;
  requires static micrometer.core;
  requires transitive io.lvstun.api;
  requires info.picocli;
  requires java.xml;
  requires org.apache.commons.exec;
  requires org.snakeyaml.engine;
  requires tools.jackson.databind;

  exports io.lvstun.diagnostics;
  exports io.lvstun.diagnostics.check;
  exports io.lvstun.diagnostics.host;
  exports io.lvstun.diagnostics.probe;
  exports io.lvstun.diagnostics.repair;
  exports io.lvstun.diagnostics.report;

  // The runner's options are set by reflection.
  opens io.lvstun.diagnostics.cli to
      info.picocli;

  uses io.lvstun.spi.IpvsDriverProvider;
  uses io.lvstun.spi.PacketSocketProvider;

  provides java.util.spi.ToolProvider with
      io.lvstun.diagnostics.cli.DoctorTool;
}
