// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The commands that the documents show exist: Maven's profiles, modules and properties, the lab's
 * commands and options, those of lvstun-doctor. Whether they succeed is for other tests.
 */
class DocumentedCommandsTest {

  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  /** Properties of Maven and its plugins that no file of the project names. */
  private static final Set<String> MAVENS_OWN =
      Set.of("skipTests", "test", "it.test", "newVersion", "surefire.failIfNoSpecifiedTests");

  private static final Pattern INLINE =
      Pattern.compile("`((?:mvn|lab|lvstun-doctor|\\S*/lab/lab) [^`]+)`");

  private static final Pattern COMMAND =
      Pattern.compile("^(?:sudo |LVSTUN_\\w+=\\S+ )*(mvn|lab|lvstun-doctor|\\S*/lab/lab)( .*)?$");

  private final Map<String, String> helps = new HashMap<>();

  @Test
  void everyCommandOfTheDocumentsExists() throws IOException {
    List<String> complaints = new ArrayList<>();
    int commands = 0;
    for (Path document : documents()) {
      for (String command : commands(Files.readString(document))) {
        commands++;
        complaint(command)
            .ifPresent(
                complaint ->
                    complaints.add(ROOT.relativize(document) + ": " + command + ": " + complaint));
      }
    }
    assertThat(complaints).isEmpty();
    assertThat(commands).as("commands in the documents").isGreaterThan(50);
  }

  @Test
  void commandsAreReadFromBlocksAndLines() {
    String document =
        """
        See `lab shell`, and `mvn verify -Pdeep`.
        ```sh
        sudo lvstun-doctor check \\
            --vip 192.168.1.200:80 | less   # all of it
        echo mvn
        ```
        """;
    assertThat(commands(document))
        .containsExactly(
            "lab shell", "mvn verify -Pdeep", "lvstun-doctor check --vip 192.168.1.200:80");
  }

  @Test
  void whatIsMissingIsSaid() throws IOException {
    assertThat(complaint("mvn -Pnone verify")).hasValue("no profile none");
    assertThat(complaint("mvn -pl lvstun-none test")).hasValue("no module lvstun-none");
    assertThat(complaint("mvn test -DnoSuchThing=1")).hasValue("no property noSuchThing");
    assertThat(complaint("lab fly")).hasValue("no command fly");
    assertThat(complaint("lab exec --fast -- ls --fast")).hasValue("no option --fast");
    assertThat(complaint("lab exec -- ls --color")).isEmpty();
    assertThat(complaint("lvstun-doctor fly")).hasValue("no command fly");
    assertThat(complaint("lvstun-doctor check --fast")).hasValue("no option --fast");
    assertThat(complaint("lvstun-doctor check -d a --vip 192.0.2.1:80")).isEmpty();
  }

  private static List<String> commands(String document) {
    List<String> found = new ArrayList<>();
    boolean block = false;
    for (String line : document.replaceAll("\\\\\\n\\s*", " ").lines().toList()) {
      if (line.strip().startsWith("```")) {
        block = !block;
      } else if (block) {
        String command = line.strip().replaceAll("\\s+#.*| *[|;&].*|^\\$ ", "");
        Matcher matcher = COMMAND.matcher(command.replaceAll("\\s+", " "));
        if (matcher.matches()) {
          found.add(
              (matcher.group(1) + (matcher.group(2) == null ? "" : matcher.group(2))).strip());
        }
      } else {
        INLINE.matcher(line).results().forEach(result -> found.add(result.group(1)));
      }
    }
    return found;
  }

  private Optional<String> complaint(String command) throws IOException {
    List<String> words = List.of(command.split(" +"));
    List<String> rest = words.subList(1, words.size());
    if (words.get(0).equals("mvn")) {
      return maven(rest);
    }
    return words.get(0).equals("lvstun-doctor") ? doctor(rest) : lab(rest);
  }

  private static Optional<String> maven(List<String> words) throws IOException {
    StringBuilder poms = new StringBuilder(Files.readString(ROOT.resolve("pom.xml")));
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module : modules.filter(path -> Files.exists(path.resolve("pom.xml"))).toList()) {
        poms.append(Files.readString(module.resolve("pom.xml")));
      }
    }
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.startsWith("-P")) {
        for (String profile : word.substring(2).split(",", -1)) {
          if (poms.indexOf("<id>" + profile + "</id>") < 0) {
            return Optional.of("no profile " + profile);
          }
        }
      } else if (word.equals("-pl")) {
        for (String module : words.get(i + 1).split(",", -1)) {
          if (!Files.exists(ROOT.resolve(module).resolve("pom.xml"))) {
            return Optional.of("no module " + module);
          }
        }
      } else if (word.startsWith("-D")) {
        String property = word.substring(2).replaceFirst("=.*", "");
        if (!MAVENS_OWN.contains(property)
            && poms.indexOf(property) < 0
            && !property.startsWith("lvstun.")) {
          return Optional.of("no property " + property);
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> lab(List<String> words) throws IOException {
    String script = Files.readString(Path.of("lab/lab"));
    String command = words.get(0);
    if (command.equals("--help") || !command.matches("[a-z-]+")) {
      return Optional.empty();
    }
    if (command.equals("bench")) {
      script = Files.readString(Path.of("bench/bench"));
    } else if (!script.contains("\ncommand_" + command + "() {")) {
      return Optional.of("no command " + command);
    }
    for (String word : words.subList(1, words.size())) {
      if (word.equals("--")) {
        break;
      }
      String option = word.replaceFirst("=.*", "");
      if (option.startsWith("--") && !script.contains("  " + option + " ")) {
        return Optional.of("no option " + option);
      }
    }
    return Optional.empty();
  }

  private Optional<String> doctor(List<String> words) {
    String command = words.get(0);
    if (!command.matches("[a-z]+")) {
      return Optional.empty();
    }
    if (!Pattern.compile("(?m)^  " + command + "\\b").matcher(help("--help")).find()) {
      return Optional.of("no command " + command);
    }
    String help = help(command, "--help");
    for (String word : words.subList(1, words.size())) {
      String option = word.replaceFirst("=.*", "");
      if (option.matches("--?[a-z][a-z-]*")
          && !Pattern.compile("(^|[\\s\\[|,])" + option + "\\b(?!-)").matcher(help).find()) {
        return Optional.of("no option " + option);
      }
    }
    return Optional.empty();
  }

  private String help(String... arguments) {
    return helps.computeIfAbsent(
        String.join(" ", arguments),
        key -> {
          StringWriter out = new StringWriter();
          ToolProvider.findFirst("lvstun-doctor")
              .orElseThrow()
              .run(new PrintWriter(out, true), new PrintWriter(out, true), arguments);
          return out.toString();
        });
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      return Stream.concat(top, docs)
          .filter(path -> path.toString().endsWith(".md"))
          .filter(path -> !path.endsWith("CHANGELOG.md"))
          .sorted()
          .toList();
    }
  }
}
