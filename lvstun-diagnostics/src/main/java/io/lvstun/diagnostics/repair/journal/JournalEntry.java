// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair.journal;

import io.lvstun.diagnostics.repair.persist.OwnFile;
import io.lvstun.host.HostChange;
import io.lvstun.host.InstallFile;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the journal on the host says of one step: what is to change, what it was before, what it is
 * to be. Written before the step is taken. A checksum in front tells damaged ones.
 *
 * @since 0.1.0
 */
public record JournalEntry(HostChange change, String before, String after) {

  private static final int VERSION = 1;
  private static final String KIND = "kind";
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** The classes of changes, by the name that the journal has for them. */
  private static final Map<String, Class<? extends HostChange>> KINDS = kinds();

  /** Returns the entry as it is kept. */
  String write() {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("version", VERSION);
    ObjectNode node = MAPPER.valueToTree(change);
    node.put(KIND, change.getClass().getSimpleName());
    root.set("change", node);
    root.put("before", before);
    root.put("after", after);
    String json = MAPPER.writeValueAsString(root);
    return digest(json) + "\n" + json + "\n";
  }

  /**
   * Reads an entry.
   *
   * @throws IllegalArgumentException if it is damaged, or of a later version; the message says so
   */
  public static JournalEntry parse(String text) {
    int end = text.indexOf('\n');
    String json = end < 0 ? "" : text.substring(end + 1).stripTrailing();
    if (end < 0 || !text.substring(0, end).equals(digest(json))) {
      throw new IllegalArgumentException("its checksum does not fit: it is damaged");
    }
    try {
      JsonNode root = MAPPER.readTree(json);
      if (root.path("version").asInt(0) != VERSION) {
        throw new IllegalArgumentException("a later release wrote it: use that one");
      }
      return new JournalEntry(
          change(root.path("change")),
          root.path("before").asString(""),
          root.path("after").asString(""));
    } catch (JacksonException e) {
      throw new IllegalArgumentException("it is damaged", e);
    }
  }

  private static HostChange change(JsonNode node) {
    Class<? extends HostChange> kind = KINDS.get(node.path(KIND).asString(""));
    if (kind == null || !(node instanceof ObjectNode object)) {
      throw new IllegalArgumentException("it is of a kind that is not known");
    }
    ObjectNode values = object.deepCopy();
    values.remove(KIND);
    return MAPPER.treeToValue(values, kind);
  }

  private static Map<String, Class<? extends HostChange>> kinds() {
    Map<String, Class<? extends HostChange>> kinds = new HashMap<>();
    kinds(HostChange.class, kinds);
    kinds.put(OwnFile.class.getSimpleName(), OwnFile.class);
    kinds.put(InstallFile.class.getSimpleName(), InstallFile.class);
    return Map.copyOf(kinds);
  }

  private static void kinds(Class<?> sealed, Map<String, Class<? extends HostChange>> kinds) {
    for (Class<?> kind : sealed.getPermittedSubclasses()) {
      if (kind.isRecord()) {
        kinds.put(kind.getSimpleName(), kind.asSubclass(HostChange.class));
      } else if (kind.isSealed()) {
        kinds(kind, kinds);
      }
    }
  }

  /** Returns the SHA-256 of a text, in hexadecimal digits. */
  public static String digest(String text) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
