// SPDX-License-Identifier: Apache-2.0
/** Scenarios that run on a director, or in the lab. */
module io.lvstun.examples {
  exports io.lvstun.examples.doctor;
  exports io.lvstun.examples.lab;

  requires static com.google.errorprone.annotations;
  requires static org.jspecify;
  requires info.picocli;
  requires io.lvstun.api;
  requires io.lvstun.diagnostics;
  requires io.lvstun.netlink;
  requires java.management;
  requires micrometer.core;
}
