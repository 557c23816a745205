// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.RealServer;
import io.lvstun.VirtualService;
import io.lvstun.rules.Replay;
import io.lvstun.rules.Rules;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is read from a file is the table that keepalived itself made of it, and what is unknown is
 * what keepalived called unknown. {@code corpus/tables.txt} has the output of {@code ipvsadm -Sn}
 * for each file, captured as its first lines say, {@code corpus/unknown.txt} what {@code keepalived
 * -t} said.
 */
class CorpusTest {

  private static final String FILES = "corpus/files.txt";
  private static final String UNKNOWN = "corpus/unknown.txt";
  private static final String TABLES = "corpus/tables.txt";

  /** Sections that begin with {@code === NAME}. */
  static Map<String, String> sections(String resource) throws IOException {
    Map<String, StringBuilder> sections = new TreeMap<>();
    StringBuilder section = new StringBuilder();
    String text;
    try (InputStream in = CorpusTest.class.getResourceAsStream(resource)) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    for (String line : text.split("\n")) {
      if (line.startsWith("=== ")) {
        section = new StringBuilder();
        sections.put(line.substring(4), section);
      } else {
        section.append(line).append('\n');
      }
    }
    return sections.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, e -> e.getValue().toString(), (a, b) -> a, TreeMap::new));
  }

  static Stream<String> tables() throws IOException {
    return sections(TABLES).keySet().stream();
  }

  static Stream<String> unknown() throws IOException {
    return sections(UNKNOWN).keySet().stream();
  }

  static ImportedConfig read(String name) throws IOException {
    return ConfigReader.of(ConfigFiles.of(Map.of("/k", sections(FILES).get(name))))
        .configId("host")
        .read("/k");
  }

  @ParameterizedTest
  @MethodSource("tables")
  void sameTableAsKeepalived(String name) throws IOException {
    Replay replay = Rules.replay(Rules.parse(sections(TABLES).get(name)));
    assertThat(replay.refusals()).isEmpty();
    assertThat(initial(read(name).config())).isEqualTo(bare(replay.snapshot().services()));
  }

  @ParameterizedTest
  @MethodSource("unknown")
  void sameUnknownKeywordsAsKeepalived(String name) throws IOException {
    ImportedConfig imported = read(name);
    Set<String> unknown = new TreeSet<>();
    unknown(imported.tree(), unknown);
    imported.losses().stream()
        .filter(loss -> loss.kind() == ImportLoss.Kind.SYNTAX && loss.statement().equals("}"))
        .forEach(loss -> unknown.add(loss.place().line() + " }"));
    assertThat(unknown)
        .isEqualTo(
            sections(UNKNOWN).get(name).lines().collect(Collectors.toCollection(TreeSet::new)));
  }

  private static void unknown(List<Statement> tree, Set<String> found) {
    for (Statement one : tree) {
      if (!one.known()) {
        found.add(one.place().line() + " " + one.keyword());
      }
      unknown(one.block(), found);
    }
  }

  /** What is in the table before the first check has an answer. */
  private static Set<VirtualService> initial(KeepalivedConfig config) {
    List<VirtualService> services = new ArrayList<>();
    for (VirtualServer server : config.virtualServers()) {
      VirtualService service = server.service();
      for (RealServer one : service.realServers()) {
        ServerChecks checks = server.checks(one.key());
        boolean down =
            checks.checkers().stream()
                .anyMatch(
                    check ->
                        check
                            .timers()
                            .inherit(checks.timers())
                            .inherit(server.timers())
                            .alpha()
                            .orElse(false));
        if (down) {
          service = service.removeRealServer(one.key());
        }
      }
      services.add(service);
    }
    return bare(services);
  }

  /** The text of {@code ipvsadm -S} has no thresholds. */
  private static Set<VirtualService> bare(List<VirtualService> services) {
    Set<VirtualService> all = new HashSet<>();
    for (VirtualService service : services) {
      VirtualService made = service;
      for (RealServer server : service.realServers()) {
        made = made.realServer(server.key(), one -> one.thresholds(0, 0));
      }
      all.add(made);
    }
    return all;
  }
}
