// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Everything that is exported is documented. The Javadoc tool could tell, but it also asks for the
 * parameters of compact constructors, which their record has already described; so this looks at
 * the formatted sources.
 */
class DocumentationTest {

  private static final Pattern TYPE =
      Pattern.compile(
          "public (?:abstract |final |sealed |non-sealed )*"
              + "(?:class|interface|@interface|enum|record) .*");
  private static final Pattern MEMBER = Pattern.compile(" {2}(?: {2})?(?:public|protected) .*");
  private static final Pattern COMPACT_CONSTRUCTOR =
      Pattern.compile(" +public [A-Z][A-Za-z0-9]* \\{");
  private static final Pattern INTERFACE_MEMBER =
      Pattern.compile(
          " {2}(?! |private |return |throw )(?:default |static )?(?:[\\w<>\\[\\], ?.]+ )\\w+\\(.*");

  @ParameterizedTest
  @ValueSource(strings = {"lvstun-api", "lvstun-netlink", "lvstun-diagnostics"})
  void everythingExportedHasJavadoc(String module) throws IOException {
    Set<String> exported =
        Modules.descriptor(module).exports().stream()
            .filter(exports -> !exports.isQualified())
            .map(ModuleDescriptor.Exports::source)
            .collect(Collectors.toSet());
    List<String> gaps = new ArrayList<>();
    for (Path file : Modules.sourceFiles(module)) {
      Path folder = Modules.sources(module).relativize(file).getParent();
      if (folder != null && exported.contains(folder.toString().replace('/', '.'))) {
        gaps.addAll(gaps(file));
      }
    }
    assertThat(gaps).as("exported and undocumented").isEmpty();
  }

  private static List<String> gaps(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    boolean exported = lines.stream().anyMatch(line -> TYPE.matcher(line).matches());
    if (!exported) {
      return List.of();
    }
    List<String> gaps = new ArrayList<>();
    boolean isInterface = lines.stream().anyMatch(line -> line.matches("public .*interface .*"));
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      boolean type = TYPE.matcher(line).matches();
      boolean member =
          (MEMBER.matcher(line).matches() && !COMPACT_CONSTRUCTOR.matcher(line).matches())
              || (isInterface && INTERFACE_MEMBER.matcher(line).matches());
      if (!type && !member) {
        continue;
      }
      int above = i - 1;
      boolean overrides = false;
      while (above >= 0 && lines.get(above).strip().startsWith("@")) {
        overrides |= lines.get(above).contains("@Override");
        above--;
      }
      boolean documented = above >= 0 && lines.get(above).strip().endsWith("*/");
      if (!documented && !overrides) {
        gaps.add(file.getFileName() + ":" + (i + 1) + ": no Javadoc: " + line.strip());
      } else if (type && !comment(lines, above).contains("@since ")) {
        gaps.add(file.getFileName() + ":" + (i + 1) + ": no @since: " + line.strip());
      }
    }
    return gaps;
  }

  private static String comment(List<String> lines, int last) {
    int first = last;
    while (first > 0 && !lines.get(first).strip().startsWith("/**")) {
      first--;
    }
    return String.join("\n", lines.subList(first, last + 1));
  }
}
