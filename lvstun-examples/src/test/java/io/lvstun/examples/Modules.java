// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where the modules of this build keep their sources and their classes. */
final class Modules {

  /** The modules in the order in which they are built: each may know those before it at most. */
  static final List<String> ALL =
      List.of("lvstun-api", "lvstun-netlink", "lvstun-diagnostics", "lvstun-examples");

  private Modules() {}

  /** The folder or the jar that a module's classes are loaded from. */
  static URI classes(String module) {
    try {
      return Class.forName(packageOf(module) + ".package-info")
          .getProtectionDomain()
          .getCodeSource()
          .getLocation()
          .toURI();
    } catch (ClassNotFoundException | URISyntaxException e) {
      throw new IllegalStateException(module, e);
    }
  }

  static ModuleDescriptor descriptor(String module) {
    return ModuleFinder.of(Path.of(classes(module))).findAll().iterator().next().descriptor();
  }

  static Path sources(String module) {
    return root().resolve(module).resolve("src/main/java");
  }

  static Path tests(String module) {
    return root().resolve(module).resolve("src/test/java");
  }

  static Path resources(String module) {
    return root().resolve(module).resolve("src/main/resources");
  }

  static List<Path> sourceFiles(String module) {
    try (Stream<Path> files = Files.walk(sources(module))) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String packageOf(String module) {
    return switch (module) {
      case "lvstun-api" -> "io.lvstun";
      case "lvstun-netlink" -> "io.lvstun.netlink";
      case "lvstun-diagnostics" -> "io.lvstun.diagnostics";
      case "lvstun-examples" -> "io.lvstun.examples";
      default -> throw new IllegalArgumentException(module);
    };
  }

  /** The tests run in the folder of their module. */
  private static Path root() {
    Path module = Path.of("").toAbsolutePath();
    if (!Files.isRegularFile(module.resolveSibling("lvstun-api").resolve("pom.xml"))) {
      throw new IllegalStateException(module + " is not a module of this build");
    }
    return module.getParent();
  }
}
