// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair.journal;

import io.lvstun.diagnostics.repair.persist.Change;
import io.lvstun.diagnostics.repair.persist.FileFormat;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the journal on the host says of one step: what is to change, what it was before, what it is
 * to be. Written before the step is taken. A checksum in front tells damaged ones.
 *
 * @since 0.1.0
 */
public record JournalEntry(Change change, String before, String after) {

  private static final int VERSION = 1;
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** Returns the entry as it is kept. */
  String write() {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("version", VERSION);
    ObjectNode node = root.putObject("change");
    if (change instanceof Change.Sysctl sysctl) {
      node.put("kind", "sysctl").put("path", sysctl.path()).put("value", sysctl.value());
    } else if (change instanceof Change.Module module) {
      node.put("kind", "module").put("name", module.name());
    } else if (change instanceof Change.LinkUp link) {
      node.put("kind", "link").put("device", link.device());
    } else if (change instanceof Change.DeviceAddress address) {
      node.put("kind", "address")
          .put("device", address.device())
          .put("address", address.address())
          .put("add", address.add());
    } else if (change instanceof Change.TunnelMode mode) {
      node.put("kind", "tunnel-mode").put("device", mode.device());
    } else if (change instanceof Change.GuePort gue) {
      node.put("kind", "gue").put("six", gue.six()).put("port", gue.port());
    } else if (change instanceof Change.Clamp clamp) {
      node.put("kind", "clamp")
          .put("six", clamp.six())
          .put("before", clamp.before())
          .put("segmentSize", clamp.segmentSize());
    } else if (change instanceof Change.NftRule rule) {
      node.put("kind", "nft").put("chain", rule.chain()).put("comment", rule.comment());
      put(node, "command", rule.command());
    } else if (change instanceof Change.Command command) {
      node.put("kind", "command");
      put(node, "command", command.command());
      put(node, "undo", command.undo());
    } else if (change instanceof Change.OwnFile file) {
      node.put("kind", "file")
          .put("path", file.path())
          .put("format", file.format().name())
          .put("subject", file.subject());
      put(node, "statements", file.statements());
    }
    root.put("before", before);
    root.put("after", after);
    String json = MAPPER.writeValueAsString(root);
    return digest(json) + "\n" + json + "\n";
  }

  private static void put(ObjectNode node, String name, List<String> words) {
    ArrayNode array = node.putArray(name);
    words.forEach(array::add);
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

  private static Change change(JsonNode node) {
    return switch (text(node, "kind")) {
      case "sysctl" -> new Change.Sysctl(text(node, "path"), text(node, "value"));
      case "module" -> new Change.Module(text(node, "name"));
      case "link" -> new Change.LinkUp(text(node, "device"));
      case "address" ->
          new Change.DeviceAddress(
              text(node, "device"), text(node, "address"), node.path("add").asBoolean(true));
      case "tunnel-mode" -> new Change.TunnelMode(text(node, "device"));
      case "gue" ->
          new Change.GuePort(node.path("six").asBoolean(false), node.path("port").asInt(0));
      case "clamp" ->
          new Change.Clamp(
              node.path("six").asBoolean(false),
              text(node, "before"),
              node.path("segmentSize").asInt(0));
      case "nft" ->
          new Change.NftRule(words(node, "command"), text(node, "chain"), text(node, "comment"));
      case "command" -> new Change.Command(words(node, "command"), words(node, "undo"));
      case "file" ->
          new Change.OwnFile(
              text(node, "path"),
              FileFormat.valueOf(text(node, "format")),
              text(node, "subject"),
              words(node, "statements"));
      default -> throw new IllegalArgumentException("it is of a kind that is not known");
    };
  }

  private static String text(JsonNode node, String name) {
    return node.path(name).asString("");
  }

  private static List<String> words(JsonNode node, String name) {
    List<String> words = new ArrayList<>();
    node.path(name).forEach(word -> words.add(word.asString("")));
    return List.copyOf(words);
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
