// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.check.Catalogue;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CodesTest {

  private static final Pattern LITERAL =
      Pattern.compile("\"(?<code>[A-Z][A-Z0-9]{0,3}-[0-9]{3})\"");

  private static Set<String> constants() throws IllegalAccessException {
    Set<String> codes = new TreeSet<>();
    for (Field field : Codes.class.getFields()) {
      codes.add((String) field.get(null));
    }
    return codes;
  }

  @Test
  void eachIsTheCodeOfACheck() throws IllegalAccessException {
    Set<String> catalogue =
        Catalogue.checks().stream().map(Check::code).collect(Collectors.toSet());
    assertThat(constants()).hasSizeGreaterThan(50).isSubsetOf(catalogue);
  }

  /** A code that is written down a second time is no literal: it can be looked for by its name. */
  @Test
  void sourcesNameChecksByConstantsWhereTheyDoNotDefineThem()
      throws IOException, IllegalAccessException {
    Set<String> constants = constants();
    Path sources = Path.of("src/main/java").toAbsolutePath();
    List<String> literals = new ArrayList<>();
    Set<String> seen = new TreeSet<>();
    try (Stream<Path> files = Files.walk(sources)) {
      for (Path file : files.filter(one -> one.toString().endsWith(".java")).toList()) {
        if (file.endsWith("Codes.java")) {
          continue;
        }
        Matcher matcher = LITERAL.matcher(Files.readString(file));
        while (matcher.find()) {
          String code = matcher.group("code");
          if (!code.equals("SHA-256") && (constants.contains(code) || !seen.add(code))) {
            literals.add(file.getFileName() + ": " + code);
          }
        }
      }
    }
    assertThat(seen).as("checks that only their own class names").isNotEmpty();
    assertThat(literals).isEmpty();
  }
}
