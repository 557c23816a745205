// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the modules declare about themselves. */
class ModuleDeclarationTest {

  static final Map<String, String> NAMES =
      Map.of(
          "lvstun-api", "io.lvstun.api",
          "lvstun-netlink", "io.lvstun.netlink",
          "lvstun-diagnostics", "io.lvstun.diagnostics",
          "lvstun-examples", "io.lvstun.examples");

  static final Set<String> MODULES = NAMES.keySet();

  @ParameterizedTest
  @FieldSource("MODULES")
  void moduleIsNamedAfterItsPackage(String module) {
    assertThat(Modules.descriptor(module).name()).isEqualTo(NAMES.get(module));
  }

  @ParameterizedTest
  @FieldSource("MODULES")
  void driversAreFoundOnTheClassPathAsOnTheModulePath(String module) throws IOException {
    Map<String, Set<String>> onModulePath = new TreeMap<>();
    for (ModuleDescriptor.Provides provides : Modules.descriptor(module).provides()) {
      onModulePath.put(provides.service(), new TreeSet<>(provides.providers()));
    }
    assertThat(servicesOnTheClassPath(module)).isEqualTo(onModulePath);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lvstun-api", "lvstun-netlink", "lvstun-diagnostics"})
  void onlyDocumentedPackagesAreExported(String module) {
    Set<String> allowed =
        switch (module) {
          case "lvstun-api" ->
              Set.of(
                  "io.lvstun",
                  "io.lvstun.availability",
                  "io.lvstun.cluster",
                  "io.lvstun.control",
                  "io.lvstun.health",
                  "io.lvstun.health.runner",
                  "io.lvstun.host",
                  "io.lvstun.ipvsadm",
                  "io.lvstun.keepalived",
                  "io.lvstun.memory",
                  "io.lvstun.metrics",
                  "io.lvstun.network",
                  "io.lvstun.rules",
                  "io.lvstun.spi",
                  "io.lvstun.state",
                  "io.lvstun.steering",
                  "io.lvstun.store",
                  "io.lvstun.weight");
          case "lvstun-netlink" -> Set.of("io.lvstun.netlink");
          default ->
              Set.of(
                  "io.lvstun.diagnostics",
                  "io.lvstun.diagnostics.bundle",
                  "io.lvstun.diagnostics.check",
                  "io.lvstun.diagnostics.facts",
                  "io.lvstun.diagnostics.facts.firewall",
                  "io.lvstun.diagnostics.facts.ipvs",
                  "io.lvstun.diagnostics.facts.link",
                  "io.lvstun.diagnostics.facts.machine",
                  "io.lvstun.diagnostics.facts.section",
                  "io.lvstun.diagnostics.model",
                  "io.lvstun.diagnostics.probe",
                  "io.lvstun.diagnostics.probe.trace",
                  "io.lvstun.diagnostics.repair",
                  "io.lvstun.diagnostics.repair.journal",
                  "io.lvstun.diagnostics.repair.persist",
                  "io.lvstun.diagnostics.report");
        };
    assertThat(
            Modules.descriptor(module).exports().stream()
                .filter(exports -> !exports.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .collect(Collectors.toSet()))
        .isSubsetOf(allowed);
  }

  private static Map<String, Set<String>> servicesOnTheClassPath(String module) throws IOException {
    Map<String, Set<String>> services = new TreeMap<>();
    Path folder = Modules.resources(module).resolve("META-INF/services");
    if (!Files.isDirectory(folder)) {
      return services;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        services.put(
            file.getFileName().toString(),
            Files.readAllLines(file).stream()
                .map(line -> line.replaceFirst("#.*", "").strip())
                .filter(line -> !line.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new)));
      }
    }
    return services;
  }
}
