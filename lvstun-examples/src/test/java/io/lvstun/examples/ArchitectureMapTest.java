// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The map of the code names classes and packages that are there. */
class ArchitectureMapTest {

  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  private static final Pattern PACKAGE = Pattern.compile("`(io\\.lvstun[a-z.]*)`");

  private static final Pattern TYPE = Pattern.compile("`([A-Z][a-z]\\w+)`");

  /** Types of the JDK that the map speaks of. */
  private static final Set<String> OF_THE_JDK = Set.of("ServiceLoader", "ProcessBuilder");

  @Test
  void mapNamesWhatExists() throws IOException {
    Set<String> types = new HashSet<>(OF_THE_JDK);
    Set<String> packages = new HashSet<>();
    for (Path source : sources()) {
      types.add(String.valueOf(source.getFileName()).replace(".java", ""));
      packages.add(packageOf(source));
    }

    assertThat(named(TYPE)).isNotEmpty().isSubsetOf(types);
    assertThat(named(PACKAGE)).isNotEmpty().isSubsetOf(packages);
  }

  private static Set<String> named(Pattern pattern) throws IOException {
    Set<String> names = new TreeSet<>();
    pattern
        .matcher(Files.readString(ROOT.resolve("docs/contributing/architecture.md")))
        .results()
        .forEach(result -> names.add(result.group(1)));
    return names;
  }

  private static String packageOf(Path source) {
    return String.valueOf(source.getParent()).replaceFirst(".*/java/", "").replace('/', '.');
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().matches(".*/src/(main|test)/java/.*\\.java"))
          .toList();
    }
  }
}
