// SPDX-License-Identifier: Apache-2.0
/** The doctor: what is wrong with an LVS-TUN cluster, on which host, and the exact fix. */
module io.lvstun.diagnostics {
  requires static com.google.errorprone.annotations;
  requires static org.jspecify;
  requires transitive io.lvstun.api;
  requires info.picocli;
  requires org.snakeyaml.engine;
  requires tools.jackson.databind;
}
