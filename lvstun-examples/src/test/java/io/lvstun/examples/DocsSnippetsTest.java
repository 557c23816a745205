// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The Java that the documents show is Java that the examples run. */
class DocsSnippetsTest {

  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  @Test
  void everyJavaBlockOfTheDocumentsIsARegionOfAnExample() throws IOException {
    Snippets snippets = examples();
    List<String> complaints = new ArrayList<>();
    for (Path file : documents()) {
      String name = ROOT.relativize(file).toString();
      for (Snippets.Block block : Snippets.blocks(name, Files.readString(file))) {
        snippets.complaint(block).ifPresent(complaints::add);
      }
    }
    assertThat(complaints).isEmpty();
  }

  @Test
  void demoShowsTheCallThatItMakes() throws IOException {
    Snippets snippets = examples();
    List<String> shown = Snippets.tokens(TutorialClusterExample.CALL);
    assertThat(shown).isEqualTo(snippets.region("TutorialClusterExample.service"));
    assertThat(shown).isEqualTo(snippets.region("GettingStartedExample.service"));
  }

  @Test
  void layoutAndCommentsMayDiffer() {
    Snippets snippets = new Snippets();
    snippets.addSource(
        "A",
        """
        x();
          // tag::call[]
          director
              .apply(web, "a  b"); // now
          // end::call[]
        """);
    assertThat(complaint(snippets, "/* first */ director.apply( web,\n  \"a  b\" );")).isEmpty();
    assertThat(complaint(snippets, "director.apply(web, \"a b\");"))
        .hasValueSatisfying(text -> assertThat(text).startsWith("f.md:2: ").contains("A.call"));
  }

  @Test
  void aBlockMayBeSeveralRegions() {
    Snippets snippets = new Snippets();
    snippets.addSource(
        "A", "// tag::one[]\na();\n// end::one[]\n// tag::two[]\nb();\n// end::two[]\n");
    assertThat(complaint(snippets, "b();\na();\na();")).isEmpty();
    assertThat(complaint(snippets, "b();\nc();")).isPresent();
    assertThat(complaint(snippets, "")).isPresent();
  }

  @Test
  void aMarkerNamesTheRegions() {
    Snippets snippets = new Snippets();
    snippets.addSource(
        "A", "// tag::one[]\na();\n// end::one[]\n// tag::two[]\nb();\n// end::two[]\n");
    assertThat(marked(snippets, "A.one, A.two", "a(); b();")).isEmpty();
    assertThat(marked(snippets, "A.one", "b();"))
        .hasValue("f.md:2: differs from A.one at: \"b ( ) ;\" where the example has \"a ( ) ;\"");
    assertThat(marked(snippets, "A.three", "b();"))
        .hasValue("f.md:2: there is no region A.three among [A.one, A.two]");
    assertThat(marked(snippets, "none, it shows a mistake", "c();")).isEmpty();
    assertThat(marked(snippets, "none", "c();")).isPresent();
  }

  @Test
  void onlyJavaBlocksAreLookedAt() {
    String document =
        """
        text
        ```sh
        ls
        ```
        1. A list
           ```java
           a();
           ```
        ~~~java
        b();
        ```
        ~~~
        """;
    assertThat(Snippets.blocks("f.md", document))
        .extracting(block -> block.code().strip())
        .containsExactly("a();", "b();\n```");
    assertThatThrownBy(() -> Snippets.blocks("f.md", "```java\na();\n"))
        .hasMessage("f.md:1: this block has no end");
  }

  @Test
  void brokenRegionsAreRefused() {
    assertThatThrownBy(() -> new Snippets().addSource("A", "// tag::x[]\na();\n"))
        .hasMessageContaining("without an end");
    assertThatThrownBy(() -> new Snippets().addSource("A", "// end::x[]\n"))
        .hasMessageContaining("without a beginning");
    assertThatThrownBy(() -> new Snippets().addSource("A", "// tag::x[]\n// end::x[]\n"))
        .hasMessageContaining("empty");
    assertThatThrownBy(() -> new Snippets().addSource("A", "// tag::x[]\n// tag::x[]\n"))
        .hasMessageContaining("twice");
  }

  private static Optional<String> complaint(Snippets snippets, String code) {
    List<Snippets.Block> blocks = Snippets.blocks("f.md", "\n```java\n" + code + "\n```\n");
    assertThat(blocks).hasSize(1);
    return snippets.complaint(blocks.get(0));
  }

  private static Optional<String> marked(Snippets snippets, String marker, String code) {
    String document = "<!-- snippet: " + marker + " -->\n```java\n" + code + "\n```\n";
    return snippets.complaint(Snippets.blocks("f.md", document).get(0));
  }

  private static Snippets examples() throws IOException {
    Snippets snippets = new Snippets();
    for (Path file : files(Path.of("src"), ".java")) {
      String name = String.valueOf(file.getFileName()).replace(".java", "");
      // This file and the one it tests speak of regions without having any.
      if (!name.endsWith("Snippets") && !name.endsWith("SnippetsTest")) {
        snippets.addSource(name, Files.readString(file));
      }
    }
    return snippets;
  }

  private static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>();
    try (Stream<Path> top = Files.list(ROOT)) {
      top.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
    }
    if (Files.isDirectory(ROOT.resolve("docs"))) {
      documents.addAll(files(ROOT.resolve("docs"), ".md"));
    }
    return documents;
  }

  private static List<Path> files(Path folder, String ending) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }
}
