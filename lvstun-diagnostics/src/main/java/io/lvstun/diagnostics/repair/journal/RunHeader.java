// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair.journal;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the journal says of a run as a whole.
 *
 * @param id its number, the same on all hosts
 * @param what {@code fix}, {@code prepare director}, {@code prepare real-server}
 * @param at when it began
 * @since 0.1.0
 */
public record RunHeader(String id, String what, Instant at) {

  /** What numbers of runs look like. */
  public static final String ID = "[0-9]{8}-[0-9]{6}-[0-9a-f]{4}";

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** Begins a run at this moment. */
  public static RunHeader now(String what) {
    byte[] random = new byte[2];
    RANDOM.nextBytes(random);
    Instant now = Instant.now();
    return new RunHeader(TIME.format(now) + "-" + HexFormat.of().formatHex(random), what, now);
  }

  /** Returns the line that stands at the top of the journal. */
  public String write() {
    return MAPPER.writeValueAsString(
            MAPPER.createObjectNode().put("id", id).put("what", what).put("at", at.toString()))
        + "\n";
  }

  /**
   * Reads a header.
   *
   * @throws IllegalArgumentException if it is damaged
   */
  public static RunHeader parse(String text) {
    try {
      JsonNode root = MAPPER.readTree(text);
      String id = root.path("id").asString("");
      if (!id.matches(ID)) {
        throw new IllegalArgumentException("it has no number");
      }
      return new RunHeader(
          id,
          Printable.of(root.path("what").asString("")),
          Instant.parse(root.path("at").asString("")));
    } catch (JacksonException | DateTimeParseException e) {
      throw new IllegalArgumentException("it is damaged", e);
    }
  }
}
