// SPDX-License-Identifier: Apache-2.0
package io.lvstun.cluster;

import io.lvstun.ForeignText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * A value in a YAML document, with its place. What is of another kind than wanted is a {@link
 * ClusterDocumentException}.
 */
record DocumentValue(String source, String field, Node node) {

  private static final int LONGEST = 1 << 20;

  private static final Set<Tag> TEXT = Set.of(Tag.STR, Tag.INT, Tag.FLOAT);

  /** Reads the value that a document consists of. */
  static DocumentValue read(String source, String text) {
    if (text.length() > LONGEST) {
      throw new ClusterDocumentException(source, 1, "", "the document is longer than 1 MiB", null);
    }
    try {
      LoadSettings settings =
          LoadSettings.builder().setLabel(source).setMaxAliasesForCollections(10).build();
      Node root =
          // Not api.lowlevel.Compose, which the engine's module does not export.
          new Composer(settings, new ParserImpl(settings, new StreamReader(settings, text)))
              .getSingleNode()
              .orElseThrow(
                  () -> new ClusterDocumentException(source, 1, "", "the document is empty", null));
      return new DocumentValue(source, "", root);
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
      throw new ClusterDocumentException(
          source, line, "", "not YAML: " + ForeignText.printable(e.getProblem()), e);
    } catch (YamlEngineException | StackOverflowError e) {
      String reason = e instanceof StackOverflowError ? "nested too deeply" : e.getMessage();
      throw new ClusterDocumentException(
          source, 1, "", "not YAML: " + ForeignText.printable(String.valueOf(reason)), e);
    }
  }

  ClusterDocumentException refuse(String reason) {
    return refuse(reason, null);
  }

  private ClusterDocumentException refuse(String reason, @Nullable Throwable cause) {
    int line = node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    return new ClusterDocumentException(source, line, field, reason, cause);
  }

  /** Whether there is a map. */
  boolean isMap() {
    return node instanceof MappingNode;
  }

  /** Wants a map with these keys alone, so that a slip of the pen is not passed over. */
  Map<String, DocumentValue> map(Set<String> allowed) {
    if (!(node instanceof MappingNode map) || !map.getTag().equals(Tag.MAP)) {
      throw refuse("must be a map of keys and values");
    }
    Map<String, DocumentValue> values = new LinkedHashMap<>();
    for (NodeTuple tuple : map.getValue()) {
      DocumentValue keyNode = new DocumentValue(source, field, tuple.getKeyNode());
      String key =
          keyNode.node() instanceof ScalarNode scalar ? scalar.getValue() : "that is not text";
      if (!allowed.contains(key)) {
        throw keyNode.refuse(
            "has the unknown key "
                + ForeignText.printable(key)
                + "; known are "
                + allowed.stream().sorted().toList());
      }
      DocumentValue value =
          new DocumentValue(
              source, field.isEmpty() ? key : field + "." + key, tuple.getValueNode());
      if (values.put(key, value) != null) {
        throw keyNode.refuse("has the key " + key + " twice");
      }
    }
    return values;
  }

  /** Wants a list. */
  List<DocumentValue> list() {
    if (node.getTag().equals(Tag.NULL)) {
      return List.of();
    }
    if (!(node instanceof SequenceNode list) || !list.getTag().equals(Tag.SEQ)) {
      throw refuse("must be a list");
    }
    List<DocumentValue> values = new ArrayList<>();
    for (Node each : list.getValue()) {
      values.add(new DocumentValue(source, field + "[" + values.size() + "]", each));
    }
    return values;
  }

  /** Wants text, or a number that stands for it. */
  String text() {
    if (node instanceof ScalarNode scalar
        && TEXT.contains(scalar.getTag())
        && !scalar.getValue().isBlank()) {
      return scalar.getValue();
    }
    throw refuse("must be text");
  }

  /** Wants a number from 0 to {@link Integer#MAX_VALUE}. */
  int number() {
    if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.INT)) {
      try {
        int number = Integer.parseInt(scalar.getValue());
        if (number >= 0) {
          return number;
        }
      } catch (NumberFormatException e) {
        // Refused below, as a negative one.
      }
    }
    throw refuse("must be a number from 0 to 2147483647");
  }

  /** Wants text that a function reads; what it refuses is refused with the place. */
  <T> T parse(Function<String, T> function) {
    String text = text();
    return checked(() -> function.apply(text));
  }

  /** Has something done with the value; what is refused is refused with the place. */
  <T> T checked(java.util.function.Supplier<T> action) {
    try {
      return action.get();
    } catch (ClusterDocumentException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      String reason = ForeignText.printable(String.valueOf(e.getMessage()));
      throw refuse((field.isEmpty() ? "" : "is not valid: ") + reason, e);
    }
  }

  /** The value of a key, unless it is missing or null. */
  static Optional<DocumentValue> in(Map<String, DocumentValue> map, String key) {
    return Optional.ofNullable(map.get(key))
        .filter(value -> !value.node().getTag().equals(Tag.NULL));
  }

  /** The values of a list; none if the key is missing. */
  static List<DocumentValue> listIn(Map<String, DocumentValue> map, String key) {
    return in(map, key).map(DocumentValue::list).orElse(List.of());
  }

  /** The value of a key that must be there. */
  DocumentValue wanted(Map<String, DocumentValue> map, String key) {
    DocumentValue value = map.get(key);
    if (value == null) {
      throw refuse("lacks " + key);
    }
    return value;
  }
}
