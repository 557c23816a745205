// SPDX-License-Identifier: Apache-2.0
package io.lvstun.cluster;

import io.lvstun.VirtualService;
import io.lvstun.cluster.Geography.Backend;
import io.lvstun.rules.Refusal;
import io.lvstun.rules.Replay;
import io.lvstun.rules.Rules;
import io.lvstun.rules.RulesForm;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A control plane as maps, lists and text: what YAML and JSON have in common. {@code
 * docs/reference/control-plane.md} describes the keys.
 */
final class ControlPlaneForm {

  /** The keys at the top, which a topology in YAML has beside its own. */
  static final Set<String> KEYS = Set.of("desired", "highAvailability", "geography", "loads");

  private static final Set<String> GEOGRAPHY = Set.of("databases", "tables", "commands");
  private static final Set<String> DATABASE = Set.of("path", "name", "type", "built", "problem");
  private static final Set<String> TABLE =
      Set.of("nft", "ipset", "entries", "generation", "exitCode", "message");
  private static final Set<String> LOADS = Set.of("at", "expirySeconds", "servers");
  private static final Set<String> SERVER =
      Set.of("server", "reported", "base", "floor", "weights");

  private ControlPlaneForm() {}

  static ControlPlane read(String yaml) {
    Object value = Yaml.read("control plane", yaml);
    Map<?, ?> map = DocumentValues.map("control plane", value);
    DocumentValues.checkKeys("control plane", map, KEYS);
    return of(map);
  }

  /** Reads the keys that it knows, and leaves others to the caller. */
  static ControlPlane of(Map<?, ?> map) {
    return new ControlPlane(
        desired(map.get("desired")),
        map.containsKey("highAvailability")
            ? HighAvailability.parse(text("highAvailability", map.get("highAvailability")))
            : HighAvailability.UNSTATED,
        Optional.ofNullable(map.get("geography")).map(ControlPlaneForm::geography),
        Optional.ofNullable(map.get("loads")).map(ControlPlaneForm::loads));
  }

  /** The services as {@code ipvsadm -S} writes them. */
  private static List<VirtualService> desired(@Nullable Object value) {
    if (value == null) {
      return List.of();
    }
    Replay replay;
    try {
      replay = Rules.replay(Rules.parse(text("desired", value)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("desired: " + e.getMessage(), e);
    }
    if (!replay.refusals().isEmpty()) {
      Refusal first = replay.refusals().get(0);
      throw new IllegalArgumentException("desired: " + first);
    }
    return replay.snapshot().services();
  }

  private static Geography geography(Object value) {
    Map<?, ?> map = DocumentValues.map("geography", value);
    DocumentValues.checkKeys("geography", map, GEOGRAPHY);
    List<Geography.Database> databases = new ArrayList<>();
    for (Object each : DocumentValues.list("geography.databases", map.get("databases"))) {
      databases.add(database(DocumentValues.map("geography.databases", each)));
    }
    List<Geography.Table> tables = new ArrayList<>();
    for (Object each : DocumentValues.list("geography.tables", map.get("tables"))) {
      tables.add(table(DocumentValues.map("geography.tables", each)));
    }
    List<String> commands = new ArrayList<>();
    for (Object each : DocumentValues.list("geography.commands", map.get("commands"))) {
      commands.add(text("geography.commands", each));
    }
    return new Geography(databases, tables, commands);
  }

  private static Geography.Database database(Map<?, ?> map) {
    DocumentValues.checkKeys("geography.databases", map, DATABASE);
    if (map.containsKey("path")) {
      if (map.size() > 1) {
        throw new IllegalArgumentException(
            "geography.databases: path must stand alone, the rest is read from the file");
      }
      return GeoDatabaseFile.read(
          java.nio.file.Path.of(text("geography.databases.path", map.get("path"))));
    }
    return new Geography.Database(
        text("geography.databases.name", map.get("name")),
        optional("geography.databases.type", map.get("type")).orElse(""),
        map.containsKey("built")
            ? Optional.of(instant("geography.databases.built", map.get("built")))
            : Optional.empty(),
        optional("geography.databases.problem", map.get("problem")));
  }

  private static Geography.Table table(Map<?, ?> map) {
    DocumentValues.checkKeys("geography.tables", map, TABLE);
    boolean nft = map.containsKey("nft");
    if (nft == map.containsKey("ipset")) {
      throw new IllegalArgumentException("geography.tables: there must be either nft or ipset");
    }
    return new Geography.Table(
        nft ? Backend.NFT : Backend.IPSET,
        text("geography.tables", map.get(nft ? "nft" : "ipset")),
        map.containsKey("entries")
            ? OptionalLong.of(number("geography.tables.entries", map.get("entries")))
            : OptionalLong.empty(),
        Optional.ofNullable(map.get("generation"))
            .map(generation -> scalar("geography.tables.generation", generation)),
        map.containsKey("exitCode")
            ? OptionalInt.of((int) number("geography.tables.exitCode", map.get("exitCode")))
            : OptionalInt.empty(),
        optional("geography.tables.message", map.get("message")).orElse(""));
  }

  private static LoadReports loads(Object value) {
    Map<?, ?> map = DocumentValues.map("loads", value);
    DocumentValues.checkKeys("loads", map, LOADS);
    List<LoadReports.Server> servers = new ArrayList<>();
    for (Object each : DocumentValues.list("loads.servers", map.get("servers"))) {
      Map<?, ?> server = DocumentValues.map("loads.servers", each);
      DocumentValues.checkKeys("loads.servers", server, SERVER);
      List<Integer> weights = new ArrayList<>();
      for (Object weight : DocumentValues.list("loads.servers.weights", server.get("weights"))) {
        weights.add((int) number("loads.servers.weights", weight));
      }
      servers.add(
          new LoadReports.Server(
              text("loads.servers.server", server.get("server")),
              instant("loads.servers.reported", server.get("reported")),
              (int) number("loads.servers.base", server.get("base")),
              server.containsKey("floor")
                  ? (int) number("loads.servers.floor", server.get("floor"))
                  : 1,
              weights));
    }
    return new LoadReports(
        instant("loads.at", map.get("at")),
        Duration.ofSeconds(number("loads.expirySeconds", map.get("expirySeconds"))),
        servers);
  }

  // ---- writing ----

  static String write(ControlPlane control) {
    Map<String, Object> map = new LinkedHashMap<>();
    if (!control.desired().isEmpty()) {
      map.put("desired", Rules.write(control.desired(), RulesForm.COMPLETE).text());
    }
    if (control.highAvailability() != HighAvailability.UNSTATED) {
      map.put("highAvailability", control.highAvailability().toString());
    }
    control.geography().ifPresent(geography -> map.put("geography", written(geography)));
    control.loads().ifPresent(loads -> map.put("loads", written(loads)));
    return Yaml.write(map);
  }

  private static Map<String, Object> written(Geography geography) {
    List<Object> databases = new ArrayList<>();
    for (Geography.Database database : geography.databases()) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("name", database.name());
      if (!database.type().isEmpty()) {
        map.put("type", database.type());
      }
      database.built().ifPresent(built -> map.put("built", built.toString()));
      database.problem().ifPresent(problem -> map.put("problem", problem));
      databases.add(map);
    }
    List<Object> tables = new ArrayList<>();
    for (Geography.Table table : geography.tables()) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put(table.backend().name().toLowerCase(Locale.ROOT), table.name());
      table.entries().ifPresent(entries -> map.put("entries", entries));
      table.generation().ifPresent(generation -> map.put("generation", generation));
      table.exitCode().ifPresent(code -> map.put("exitCode", code));
      if (!table.message().isEmpty()) {
        map.put("message", table.message());
      }
      tables.add(map);
    }
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("databases", databases);
    map.put("tables", tables);
    map.put("commands", geography.commands());
    return map;
  }

  private static Map<String, Object> written(LoadReports loads) {
    List<Object> servers = new ArrayList<>();
    for (LoadReports.Server server : loads.servers()) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("server", server.name());
      map.put("reported", server.reported().toString());
      map.put("base", server.base());
      map.put("floor", server.floor());
      map.put("weights", server.weights());
      servers.add(map);
    }
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("at", loads.at().toString());
    map.put("expirySeconds", loads.expiry().toSeconds());
    map.put("servers", servers);
    return map;
  }

  // ---- values ----

  private static String text(String where, @Nullable Object value) {
    if (value instanceof String text && !text.isBlank()) {
      return text;
    }
    throw new IllegalArgumentException(where + " must be text");
  }

  private static Optional<String> optional(String where, @Nullable Object value) {
    return value == null ? Optional.empty() : Optional.of(text(where, value));
  }

  /** Text, or a number that stands for it. */
  private static String scalar(String where, Object value) {
    return value instanceof Number number ? number.toString() : text(where, value);
  }

  private static long number(String where, @Nullable Object value) {
    if (value instanceof Integer || value instanceof Long) {
      long number = ((Number) value).longValue();
      if (number >= 0 && number <= Integer.MAX_VALUE) {
        return number;
      }
    }
    throw new IllegalArgumentException(where + " must be a number from 0 to 2147483647");
  }

  private static Instant instant(String where, @Nullable Object value) {
    try {
      return Instant.parse(text(where, value));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(where + " must be a time like 2026-01-02T03:04:05Z", e);
    }
  }
}
