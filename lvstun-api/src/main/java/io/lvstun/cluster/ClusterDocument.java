// SPDX-License-Identifier: Apache-2.0
package io.lvstun.cluster;

import static io.lvstun.cluster.DocumentValue.in;
import static io.lvstun.cluster.DocumentValue.listIn;

import io.lvstun.IpAddress;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import io.lvstun.host.Host;
import io.lvstun.host.SshOptions;
import io.lvstun.rules.Replay;
import io.lvstun.rules.Rules;
import io.lvstun.rules.RulesForm;
import io.lvstun.rules.RulesText;
import io.lvstun.steering.DatabaseMetadata;
import io.lvstun.steering.LoadedTable;
import io.lvstun.steering.LoadedTable.Backend;
import io.lvstun.steering.SteeringReport;
import io.lvstun.weight.WeightReport;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * Reads and writes the one document format for a cluster: YAML 1.2 (JSON is YAML too) of at most 1
 * MiB. {@code docs/reference/cluster-document.md} describes the keys. Pure functions, but for the
 * metadata of databases that a document names by their path.
 *
 * <p>Needs {@code org.snakeyaml:snakeyaml-engine} on the class path or module path; without it each
 * method throws {@link IllegalStateException}.
 *
 * @since 0.1.0
 */
public final class ClusterDocument {

  private static final Set<String> STATEMENT =
      Set.of("desired", "highAvailability", "steering", "weights");
  private static final Set<String> TOPOLOGY =
      Stream.concat(
              Stream.of("directors", "realServers", "vantages", "services", "ssh"),
              STATEMENT.stream())
          .collect(Collectors.toUnmodifiableSet());
  private static final Set<String> HOST = Set.of("host", "name", "address", "addresses");
  private static final Set<String> SSH = Set.of("config", "identity");
  private static final Set<String> STEERING = Set.of("databases", "tables", "commands");
  private static final Set<String> DATABASE = Set.of("path", "name", "type", "built", "problem");
  private static final Set<String> TABLE =
      Set.of("nft", "ipset", "entries", "generation", "failure");
  private static final Set<String> WEIGHTS = Set.of("at", "staleAfterSeconds", "servers");
  private static final Set<String> SERVER = Set.of("server", "reported", "base", "weights");

  private ClusterDocument() {}

  // ---- reading ----

  /**
   * Reads a document with hosts.
   *
   * @param source where the text came from, for messages: its file
   * @param text the document
   * @param options for hosts that are reached through OpenSSH; the document's {@code ssh} goes
   *     before
   * @return the topology
   * @throws ClusterDocumentException if it is not YAML, or not of that form
   */
  public static Topology read(String source, String text, SshOptions options) {
    Objects.requireNonNull(options, "options");
    DocumentValue document = document(source, text);
    Map<String, DocumentValue> root = document.map(TOPOLOGY);
    SshOptions ssh = ssh(root, options);
    Topology.Builder builder = Topology.builder();
    hosts(builder, listIn(root, "directors"), Role.DIRECTOR, ssh);
    hosts(builder, listIn(root, "realServers"), Role.REAL_SERVER, ssh);
    hosts(builder, listIn(root, "vantages"), Role.VANTAGE, ssh);
    for (DocumentValue service : listIn(root, "services")) {
      builder = service.parse(builder::service);
    }
    builder.statement(statement(root));
    return document.checked(builder::build);
  }

  /**
   * Reads a document without hosts, services and {@code ssh}.
   *
   * @param source where the text came from, for messages
   * @param text the document
   * @return what it states
   * @throws ClusterDocumentException if it is not YAML, or not of that form
   */
  public static ClusterStatement readStatement(String source, String text) {
    return statement(document(source, text).map(STATEMENT));
  }

  private static DocumentValue document(String source, String text) {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(text, "text");
    try {
      return DocumentValue.read(source, text);
    } catch (NoClassDefFoundError e) {
      throw missing(e);
    }
  }

  private static IllegalStateException missing(NoClassDefFoundError cause) {
    return new IllegalStateException(
        "YAML needs org.snakeyaml:snakeyaml-engine on the class path or module path: it is an"
            + " optional dependency of lvstun-api",
        cause);
  }

  private static SshOptions ssh(Map<String, DocumentValue> root, SshOptions given) {
    SshOptions options = given;
    Optional<DocumentValue> value = in(root, "ssh");
    if (value.isPresent()) {
      Map<String, DocumentValue> map = value.get().map(SSH);
      if (map.containsKey("config")) {
        options = options.configuration(map.get("config").parse(Path::of));
      }
      if (map.containsKey("identity")) {
        options = options.identity(map.get("identity").parse(Path::of));
      }
    }
    return options;
  }

  private static void hosts(
      Topology.Builder builder, List<DocumentValue> entries, Role role, SshOptions options) {
    for (DocumentValue entry : entries) {
      DocumentValue specification = entry;
      String name = "";
      List<InetAddress> addresses = new ArrayList<>();
      if (entry.isMap()) {
        Map<String, DocumentValue> map = entry.map(HOST);
        specification = entry.wanted(map, "host");
        DocumentValue named = map.get("name");
        name = named == null ? "" : named.parse(Topology.Builder::named);
        if (map.containsKey("address")) {
          addresses.add(map.get("address").parse(IpAddress::parse));
        }
        listIn(map, "addresses").forEach(address -> addresses.add(address.parse(IpAddress::parse)));
        if (!addresses.isEmpty() && role != Role.REAL_SERVER) {
          throw entry.refuse("must not have addresses: only real servers have them");
        }
      }
      Host host = specification.parse(text -> Host.parse(text, options));
      builder.add(name, host, role, addresses);
    }
  }

  private static ClusterStatement statement(Map<String, DocumentValue> map) {
    return new ClusterStatement(
        in(map, "desired").map(ClusterDocument::desired).orElse(List.of()),
        map.containsKey("highAvailability")
            ? map.get("highAvailability").parse(HighAvailability::parse)
            : HighAvailability.UNSTATED,
        in(map, "steering").map(ClusterDocument::steering),
        in(map, "weights").map(ClusterDocument::weights));
  }

  /** The services as {@code ipvsadm -S} writes them. */
  private static List<VirtualService> desired(DocumentValue value) {
    Replay replay = value.parse(text -> Rules.replay(Rules.parse(text)));
    if (!replay.refusals().isEmpty()) {
      throw value.refuse("is not valid: " + replay.refusals().get(0));
    }
    return replay.snapshot().services();
  }

  private static SteeringReport steering(DocumentValue value) {
    Map<String, DocumentValue> map = value.map(STEERING);
    return new SteeringReport(
        listIn(map, "databases").stream().map(ClusterDocument::database).toList(),
        listIn(map, "tables").stream().map(ClusterDocument::table).toList(),
        listIn(map, "commands").stream().map(DocumentValue::text).toList());
  }

  private static DatabaseMetadata database(DocumentValue value) {
    Map<String, DocumentValue> map = value.map(DATABASE);
    if (map.containsKey("path")) {
      if (map.size() > 1) {
        throw value.refuse("must have nothing beside path: the rest is read from the file");
      }
      return DatabaseMetadata.read(map.get("path").parse(Path::of));
    }
    return new DatabaseMetadata(
        value.wanted(map, "name").text(),
        in(map, "type").map(DocumentValue::text).orElse(""),
        in(map, "built").map(ClusterDocument::instant),
        in(map, "problem").map(DocumentValue::text));
  }

  private static LoadedTable table(DocumentValue value) {
    Map<String, DocumentValue> map = value.map(TABLE);
    boolean nft = map.containsKey("nft");
    if (nft == map.containsKey("ipset")) {
      throw value.refuse("must have either nft or ipset");
    }
    Optional<DocumentValue> entries = in(map, "entries");
    return new LoadedTable(
        nft ? Backend.NFT : Backend.IPSET,
        value.wanted(map, nft ? "nft" : "ipset").text(),
        entries.isPresent() ? OptionalLong.of(entries.get().number()) : OptionalLong.empty(),
        in(map, "generation").map(DocumentValue::text),
        in(map, "failure").map(DocumentValue::text));
  }

  private static WeightReport weights(DocumentValue value) {
    Map<String, DocumentValue> map = value.map(WEIGHTS);
    return value.checked(
        () ->
            new WeightReport(
                instant(value.wanted(map, "at")),
                Duration.ofSeconds(value.wanted(map, "staleAfterSeconds").number()),
                listIn(map, "servers").stream().map(ClusterDocument::server).toList()));
  }

  private static WeightReport.Server server(DocumentValue value) {
    Map<String, DocumentValue> map = value.map(SERVER);
    return value.checked(
        () ->
            new WeightReport.Server(
                value.wanted(map, "server").text(),
                instant(value.wanted(map, "reported")),
                value.wanted(map, "base").number(),
                listIn(map, "weights").stream().map(DocumentValue::number).toList()));
  }

  private static Instant instant(DocumentValue value) {
    try {
      return Instant.parse(value.text());
    } catch (DateTimeException e) {
      throw value.refuse("must be a time like 2026-01-02T03:04:05Z");
    }
  }

  // ---- writing ----

  /**
   * Writes a topology.
   *
   * @param topology the hosts, services, and what is stated beside them; how OpenSSH reaches the
   *     hosts is the reader's affair and is left out
   * @return what {@link #read} reads; what {@code desired} cannot carry stands in comments at the
   *     end
   */
  public static String write(Topology topology) {
    Map<String, Object> map = new LinkedHashMap<>();
    Set<String> labels = new HashSet<>();
    Set<String> twice = new HashSet<>();
    for (Node node : topology.nodes()) {
      if (!labels.add(node.host().label())) {
        twice.add(node.host().label());
      }
    }
    hosts(map, "directors", topology.nodes(Role.DIRECTOR), Role.DIRECTOR, twice);
    hosts(map, "realServers", topology.nodes(Role.REAL_SERVER), Role.REAL_SERVER, twice);
    hosts(map, "vantages", topology.nodes(Role.VANTAGE), Role.VANTAGE, twice);
    List<Object> services = new ArrayList<>();
    Set<InetAddress> alone = new java.util.LinkedHashSet<>(topology.addresses());
    for (ServiceKey service : topology.services()) {
      services.add(ServiceText.format(service));
      if (service instanceof ServiceKey.Endpoint endpoint) {
        alone.remove(endpoint.address());
      }
    }
    alone.forEach(address -> services.add(IpAddress.format(address)));
    putUnlessEmpty(map, "services", services);
    return write(map, topology.statement());
  }

  /**
   * Writes what is stated beside the hosts.
   *
   * @param statement what is stated
   * @return what {@link #readStatement} reads
   */
  public static String write(ClusterStatement statement) {
    return write(new LinkedHashMap<>(), statement);
  }

  private static String write(Map<String, Object> map, ClusterStatement statement) {
    StringBuilder lacks = new StringBuilder();
    if (statement.highAvailability() != HighAvailability.UNSTATED) {
      map.put("highAvailability", statement.highAvailability().toString());
    }
    if (!statement.desired().isEmpty()) {
      RulesText rules = Rules.write(statement.desired(), RulesForm.COMPLETE);
      map.put("desired", rules.text());
      rules.losses().forEach(loss -> lacks.append("# desired lacks ").append(loss).append('\n'));
    }
    statement.steering().ifPresent(steering -> map.put("steering", written(steering)));
    statement.weights().ifPresent(weights -> map.put("weights", written(weights)));
    try {
      DumpSettings settings =
          DumpSettings.builder()
              .setDefaultFlowStyle(FlowStyle.BLOCK)
              .setIndicatorIndent(2)
              .setIndentWithIndicator(true)
              .setWidth(10_000)
              .build();
      return new Dump(settings).dumpToString(map) + lacks;
    } catch (NoClassDefFoundError e) {
      throw missing(e);
    }
  }

  private static void hosts(
      Map<String, Object> map, String key, List<Node> nodes, Role role, Set<String> twice) {
    List<Object> hosts = new ArrayList<>();
    for (Node node : nodes) {
      String label = node.host().label();
      boolean ambiguous = twice.contains(label) || label.equals(Role.CLUSTER.toString());
      boolean named = !node.name().equals(ambiguous ? node.host().specification() : label);
      List<String> addresses =
          role == Role.REAL_SERVER
              ? node.addresses().stream().map(IpAddress::format).toList()
              : List.of();
      if (!named && addresses.isEmpty()) {
        hosts.add(node.host().specification());
        continue;
      }
      Map<String, Object> host = new LinkedHashMap<>();
      host.put("host", node.host().specification());
      if (named) {
        host.put("name", node.name());
      }
      if (addresses.size() == 1) {
        host.put("address", addresses.get(0));
      } else {
        putUnlessEmpty(host, "addresses", addresses);
      }
      hosts.add(host);
    }
    putUnlessEmpty(map, key, hosts);
  }

  private static Map<String, Object> written(SteeringReport steering) {
    List<Object> databases = new ArrayList<>();
    for (DatabaseMetadata database : steering.databases()) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("name", database.file());
      put(map, "type", database.type().isEmpty() ? null : database.type());
      put(map, "built", database.built().map(Instant::toString).orElse(null));
      put(map, "problem", database.problem().orElse(null));
      databases.add(map);
    }
    List<Object> tables = new ArrayList<>();
    for (LoadedTable table : steering.tables()) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put(table.backend().name().toLowerCase(Locale.ROOT), table.name());
      table.entries().ifPresent(entries -> map.put("entries", entries));
      put(map, "generation", table.generation().orElse(null));
      put(map, "failure", table.failure().orElse(null));
      tables.add(map);
    }
    Map<String, Object> map = new LinkedHashMap<>();
    putUnlessEmpty(map, "databases", databases);
    putUnlessEmpty(map, "tables", tables);
    putUnlessEmpty(map, "commands", steering.commands());
    return map;
  }

  private static Map<String, Object> written(WeightReport weights) {
    List<Object> servers = new ArrayList<>();
    for (WeightReport.Server server : weights.servers()) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("server", server.name());
      map.put("reported", server.reported().toString());
      map.put("base", server.base());
      map.put("weights", server.weights());
      servers.add(map);
    }
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("at", weights.at().toString());
    map.put("staleAfterSeconds", weights.staleAfter().toSeconds());
    putUnlessEmpty(map, "servers", servers);
    return map;
  }

  private static void put(Map<String, Object> map, String key, @Nullable Object value) {
    if (value != null) {
      map.put(key, value);
    }
  }

  private static void putUnlessEmpty(Map<String, Object> map, String key, List<?> values) {
    if (!values.isEmpty()) {
      map.put(key, values);
    }
  }
}
