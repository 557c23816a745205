// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts;

import io.lvstun.ForeignText;
import io.lvstun.IpAddress;
import io.lvstun.diagnostics.facts.firewall.Firewall;
import io.lvstun.diagnostics.facts.firewall.IpSet;
import io.lvstun.diagnostics.facts.ipvs.IpvsTable;
import io.lvstun.diagnostics.facts.ipvs.Keepalived;
import io.lvstun.diagnostics.facts.link.Address;
import io.lvstun.diagnostics.facts.link.AddressParser;
import io.lvstun.diagnostics.facts.link.EthernetCard;
import io.lvstun.diagnostics.facts.link.FouPort;
import io.lvstun.diagnostics.facts.link.LinkFacts;
import io.lvstun.diagnostics.facts.link.LinkParser;
import io.lvstun.diagnostics.facts.link.Neighbour;
import io.lvstun.diagnostics.facts.link.RouteFacts;
import io.lvstun.diagnostics.facts.link.RouteParser;
import io.lvstun.diagnostics.facts.machine.Identity;
import io.lvstun.diagnostics.facts.machine.KernelCounters;
import io.lvstun.diagnostics.facts.machine.Modules;
import io.lvstun.diagnostics.facts.machine.PersistentSettings;
import io.lvstun.diagnostics.facts.machine.Platform;
import io.lvstun.diagnostics.facts.machine.Processes;
import io.lvstun.diagnostics.facts.machine.Processors;
import io.lvstun.diagnostics.facts.machine.SocketEntry;
import io.lvstun.diagnostics.facts.machine.Sysctls;
import io.lvstun.diagnostics.facts.section.Fact;
import io.lvstun.diagnostics.facts.section.Json;
import io.lvstun.diagnostics.facts.section.Lines;
import io.lvstun.diagnostics.facts.section.Section;
import io.lvstun.diagnostics.facts.section.Section.State;
import io.lvstun.diagnostics.facts.section.Sections;
import io.lvstun.diagnostics.facts.section.UnknownFactException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * All that was read from one host at one time. Immutable and thread-safe; nothing in it needs the
 * host any more, so that it can be saved, sent, and analysed elsewhere.
 *
 * <p>Inside are {@linkplain Section sections}: text as it was read. The methods understand it, when
 * they are first called, and tell as a {@link Fact} what is not known, and why.
 *
 * @since 0.1.0
 */
public final class HostFacts implements Sections {

  /** The version of the JSON form. Later versions of this library read earlier versions of it. */
  public static final int FORMAT_VERSION = 1;

  private static final String FORMAT = "lvstun-host-facts";

  private final String host;
  private final Instant collectedAt;
  private final Duration took;
  private final int roundTrips;
  private final @Nullable String failure;
  private final Map<String, Section> sections;
  private final Map<String, Fact<?>> understood = new ConcurrentHashMap<>();

  private HostFacts(
      String host,
      Instant collectedAt,
      Duration took,
      int roundTrips,
      @Nullable String failure,
      Map<String, Section> sections) {
    this.host = host;
    this.collectedAt = collectedAt;
    this.took = took;
    this.roundTrips = roundTrips;
    this.failure = failure;
    this.sections = sections;
  }

  /**
   * Returns facts made of sections.
   *
   * @param host the host's specification
   * @param collectedAt when collecting began
   * @param took how long it took
   * @param roundTrips how often the host was spoken to
   * @param sections what was read; of two with the same name the later one counts
   * @return the facts
   */
  public static HostFacts of(
      String host,
      Instant collectedAt,
      Duration took,
      int roundTrips,
      Collection<Section> sections) {
    Map<String, Section> byName = new LinkedHashMap<>();
    sections.forEach(section -> byName.put(section.name(), section));
    return new HostFacts(host, collectedAt, took, roundTrips, null, byName);
  }

  /**
   * Returns what is known of a host that could not be reached: nothing but the reason.
   *
   * @param host the host's specification
   * @param collectedAt when it was tried
   * @param took how long it was tried
   * @param failure why it could not be reached
   * @return the facts
   */
  public static HostFacts unreachable(
      String host, Instant collectedAt, Duration took, String failure) {
    return new HostFacts(host, collectedAt, took, 1, ForeignText.printable(failure), Map.of());
  }

  /**
   * Returns a copy with more sections, which replace those of the same name.
   *
   * @param added the sections
   * @return the copy
   */
  public HostFacts with(Collection<Section> added) {
    Map<String, Section> all = new LinkedHashMap<>(sections);
    added.forEach(section -> all.put(section.name(), section));
    return new HostFacts(host, collectedAt, took, roundTrips, failure, all);
  }

  /**
   * Returns a copy that has cost more.
   *
   * @param more time that was spent besides
   * @param moreRoundTrips how often the host was spoken to besides
   * @return the copy
   */
  public HostFacts costing(Duration more, int moreRoundTrips) {
    return new HostFacts(
        host, collectedAt, took.plus(more), roundTrips + moreRoundTrips, failure, sections);
  }

  /**
   * Returns the host's specification.
   *
   * @return for example {@code ssh://root@rs1}
   */
  public String host() {
    return host;
  }

  /**
   * Returns when collecting began, by the clock of the collecting machine.
   *
   * @return the time
   */
  public Instant collectedAt() {
    return collectedAt;
  }

  /**
   * Returns how long collecting took, the pause between the samples included.
   *
   * @return the time
   */
  public Duration took() {
    return took;
  }

  /**
   * Returns how often the host was spoken to.
   *
   * @return the number of commands run on it
   */
  public int roundTrips() {
    return roundTrips;
  }

  /**
   * Returns why the host could not be examined.
   *
   * @return empty if it could be
   */
  @Override
  public Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  /**
   * Returns all that was read, in the order it was read.
   *
   * @return the sections
   */
  public Collection<Section> sections() {
    return List.copyOf(sections.values());
  }

  /**
   * Returns one section.
   *
   * @param name its name
   * @return empty if the host was not asked for it
   */
  @Override
  public Optional<Section> section(String name) {
    return Optional.ofNullable(sections.get(name));
  }

  /**
   * Returns the text of a section.
   *
   * @param name its name
   * @return the text, empty for what is absent; unknown if it could not be read or was cut
   */
  @Override
  public Fact<String> text(String name) {
    if (failure != null) {
      return Fact.unknown("the host could not be examined: " + failure);
    }
    Section section = sections.get(name);
    if (section == null) {
      Section end = sections.get("end");
      return Fact.unknown(name + " was not read" + (end == null ? "" : ": " + end.problem()));
    }
    if (section.state() == State.UNREADABLE) {
      return Fact.unknown("cannot read " + described(section) + ": " + section.problem());
    }
    if (section.truncated()) {
      return Fact.unknown(described(section) + " was too long, or took too long, to be read");
    }
    return Fact.of(section.text());
  }

  private static String described(Section section) {
    return section.source().isEmpty()
        ? section.name()
        : section.name() + " (" + section.source() + ")";
  }

  /**
   * Understands a section, once; what the parser throws makes the fact unknown.
   *
   * @param <T> type of the value
   * @param name name of the section
   * @param parser makes a value of its text
   * @return the fact
   */
  @Override
  public <T> Fact<T> understand(String name, Function<String, T> parser) {
    return once(name, () -> parse(name, text(name), parser));
  }

  private static <T> Fact<T> parse(String name, Fact<String> text, Function<String, T> parser) {
    try {
      return text.map(parser);
    } catch (UnknownFactException e) {
      return Fact.unknown(e.reason());
    } catch (RuntimeException e) {
      return Fact.unknown("cannot understand " + name + ": " + ForeignText.printable(message(e)));
    }
  }

  private static String message(RuntimeException e) {
    String text = e instanceof JacksonException json ? json.getOriginalMessage() : e.getMessage();
    return text == null ? e.getClass().getSimpleName() : text;
  }

  @SuppressWarnings("unchecked") // each key has one type
  <T> Fact<T> once(String key, java.util.function.Supplier<Fact<T>> maker) {
    Fact<?> known = understood.get(key);
    if (known == null) {
      known = maker.get();
      understood.put(key, known);
    }
    return (Fact<T>) known;
  }

  /** Combines two facts that are both needed. */
  static <A, B, C> Fact<C> both(
      Fact<A> a, Fact<B> b, java.util.function.BiFunction<A, B, C> function) {
    if (a.known().isEmpty()) {
      return Fact.unknown(a.reason());
    }
    return b.map(value -> function.apply(a.get(), value));
  }

  // ---- what the sections say ----

  /**
   * Returns who and what the host is.
   *
   * @return user, kernel, machine, tools
   */
  public Fact<Identity> identity() {
    return understand("identity", Identity::parse);
  }

  /**
   * Returns the kernel's modules.
   *
   * @return which are loaded, built in, loadable
   */
  public Fact<Modules> modules() {
    return once(
        "=modules",
        () ->
            parse(
                "modules",
                text("modules"),
                loaded ->
                    Modules.parse(
                        loaded,
                        text("modules.available"),
                        text("modules.symbols").known().orElse(""),
                        text("files").known().orElse(""))));
  }

  /**
   * Returns the settings under {@code /proc/sys}.
   *
   * @return the settings
   */
  public Fact<Sysctls> sysctls() {
    return once("=sysctls", () -> parse("files", text("files"), Sysctls::parse));
  }

  /**
   * Returns the network devices.
   *
   * @return in the kernel's order
   */
  public Fact<List<LinkFacts>> links() {
    return once(
        "=links",
        () ->
            parse(
                "link",
                text("link"),
                text ->
                    LinkParser.parse(
                        text,
                        text("tunnel").known().orElse(""),
                        text("files").known().orElse(""))));
  }

  /**
   * Returns the addresses of the network devices.
   *
   * @return in the kernel's order
   */
  public Fact<List<Address>> addresses() {
    return understand("address", AddressParser::parse);
  }

  /**
   * Returns the local, on-link and default routes of all tables.
   *
   * @return the routes
   */
  public Fact<List<RouteFacts>> routes() {
    return understand("route", RouteParser::parse);
  }

  /**
   * Returns the route that the kernel takes to an address.
   *
   * @param address the address
   * @return the route; of type {@code unreachable} if there is none; unknown if it was not asked
   *     for
   */
  public Fact<RouteFacts> routeTo(InetAddress address) {
    return routeTo(IpAddress.format(address));
  }

  /**
   * Returns the route that the kernel takes to an address for packets with a firewall mark.
   *
   * @param address the address
   * @param mark the mark
   * @return the route; of type {@code unreachable} if there is none; unknown if it was not asked
   *     for
   */
  public Fact<RouteFacts> routeTo(InetAddress address, long mark) {
    return routeTo(IpAddress.format(address) + " mark " + mark);
  }

  /**
   * Returns how the host routes an answer.
   *
   * @param virtual the answer's source, an address of the host
   * @param client its destination
   * @return the route; of the type {@value RouteFacts#UNREACHABLE} if there is none; unknown if it
   *     was not asked for
   */
  public Fact<RouteFacts> wayBack(InetAddress virtual, InetAddress client) {
    return routeTo(IpAddress.format(client) + " from " + IpAddress.format(virtual));
  }

  private Fact<RouteFacts> routeTo(String question) {
    Fact<Map<String, RouteFacts>> answers = understand("route-to", RouteParser::parseAnswers);
    if (answers.known().isEmpty()) {
      return Fact.unknown(answers.reason());
    }
    RouteFacts route = answers.get().get(question);
    return route == null
        ? Fact.unknown("the route to " + question + " was not asked for")
        : Fact.of(route);
  }

  /**
   * Returns the packet filters of all backends.
   *
   * @return the filters; unknown if one backend could not be read
   */
  public Fact<Firewall> firewall() {
    return once("=firewall", () -> Firewall.of(this));
  }

  /**
   * Returns the kernel's counters, in two samples.
   *
   * @return the counters
   */
  public Fact<KernelCounters> counters() {
    return once(
        "=counters",
        () -> {
          Fact<String> second = text("counters.2");
          return both(
              text("counters.1"),
              second.known().isPresent() ? second : Fact.of(""),
              KernelCounters::parse);
        });
  }

  /**
   * Returns the sockets that listen, and the connections that are half open.
   *
   * @return the sockets
   */
  public Fact<List<SocketEntry>> sockets() {
    return understand("socket", SocketEntry::parse);
  }

  /**
   * Returns the IPVS table, as a driver or the host's own tools tell it.
   *
   * @return the table; empty if IPVS is not loaded
   */
  public Fact<IpvsTable> ipvs() {
    return once("=ipvs", () -> IpvsTable.of(this));
  }

  /**
   * Returns the files that configure the host after a reboot.
   *
   * @return path to content, redacted
   */
  public Fact<Map<String, String>> configuration() {
    return understand("configuration", Lines::files);
  }

  /**
   * Returns what the host remembers of its neighbours.
   *
   * @return the neighbours, of IPv4 and IPv6
   */
  public Fact<List<Neighbour>> neighbours() {
    return understand("neighbour", Neighbour::parse);
  }

  /**
   * Returns the UDP ports on which the kernel takes tunnels out of UDP.
   *
   * @return the ports; none if the module {@code fou} is not loaded
   */
  public Fact<List<FouPort>> fouPorts() {
    return understand("fou", FouPort::parse);
  }

  /**
   * Returns the programs that run on the host, of those that matter to a director or real server:
   * {@code keepalived}, {@code calico-node} and the like.
   *
   * @return their names; those of other network namespaces are left out
   */
  public Fact<Set<String>> processes() {
    return once(
        "=processes",
        () ->
            both(
                text("process"),
                identity(),
                (text, identity) -> Processes.parse(text, identity.networkNamespace())));
  }

  /**
   * Returns what configuration files will set at the next boot.
   *
   * @return the settings
   */
  public Fact<PersistentSettings> persistentSettings() {
    return once("=persistent", () -> configuration().map(PersistentSettings::of));
  }

  // ---- machine, cards, steering ----

  /**
   * Returns the machine under the host.
   *
   * @return what its firmware says; empty parts where it says nothing
   */
  public Fact<Platform> platform() {
    return once("=platform", () -> parse("files", text("files"), Platform::parse));
  }

  /**
   * Returns what {@code ethtool} tells of the network devices that are up.
   *
   * @return in the order of the devices; unknown if {@code ethtool} is not installed
   */
  public Fact<List<EthernetCard>> cards() {
    return understand("ethtool", EthernetCard::parse);
  }

  /**
   * Returns how receiving is spread over the processors.
   *
   * @return the processors
   */
  public Fact<Processors> processors() {
    return once(
        "=processors",
        () ->
            parse(
                "counters",
                text("counters.1"),
                first ->
                    Processors.parse(
                        first,
                        text("counters.2").known().orElse(""),
                        text("files").known().orElse(""))));
  }

  /**
   * Returns the processors that receive packet steering (RPS) gives packets to.
   *
   * @return device to queue ({@code rx-0}) to mask of processors ({@code f}; {@code 0} for none)
   */
  public Fact<Map<String, Map<String, String>>> packetSteering() {
    return once("=steering", () -> parse("files", text("files"), Processors::steering));
  }

  /**
   * Returns the sets of {@code ipset}.
   *
   * @return the sets; empty if there are none
   */
  public Fact<List<IpSet>> ipSets() {
    return understand("ipset", IpSet::parse);
  }

  /**
   * Returns what the configuration of keepalived says.
   *
   * @return the configuration; without instances if there is none
   */
  public Fact<Keepalived> keepalived() {
    return once(
        "=keepalived",
        () ->
            parse(
                "configuration",
                text("configuration"),
                text ->
                    Keepalived.parse(
                        Lines.files(text), identity().known().map(Identity::name).orElse(""))));
  }

  // ---- JSON ----

  /**
   * Writes the facts as JSON.
   *
   * @return one object, indented
   */
  public String toJson() {
    return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(toTree());
  }

  private ObjectNode toTree() {
    ObjectNode root = Json.MAPPER.createObjectNode();
    root.put("format", FORMAT);
    root.put("version", FORMAT_VERSION);
    root.put("host", host);
    root.put("collectedAt", collectedAt.toString());
    root.put("tookMillis", took.toMillis());
    root.put("roundTrips", roundTrips);
    if (failure != null) {
      root.put("failure", failure);
    }
    ArrayNode array = root.putArray("sections");
    for (Section section : sections.values()) {
      ObjectNode node = array.addObject();
      node.put("name", section.name());
      node.put("source", section.source());
      node.put("state", section.state().name());
      if (!section.problem().isEmpty()) {
        node.put("problem", section.problem());
      }
      if (section.truncated()) {
        node.put("truncated", true);
      }
      node.put("text", section.text());
    }
    return root;
  }

  /**
   * Reads facts from JSON.
   *
   * @param json what {@link #toJson()} wrote
   * @return the facts; text in them is cleaned again, as nobody knows who has written it
   * @throws IllegalArgumentException if it is not the JSON of facts, or of a version that this
   *     release does not know
   */
  public static HostFacts fromJson(String json) {
    try {
      return fromTree(Json.MAPPER.readTree(json));
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "facts are not JSON: " + ForeignText.printable(e.getOriginalMessage()), e);
    }
  }

  private static HostFacts fromTree(JsonNode root) {
    if (!root.path("format").asString("").equals(FORMAT)) {
      throw new IllegalArgumentException("facts must have the format " + FORMAT);
    }
    int version = root.path("version").asInt(0);
    if (version < 1 || version > FORMAT_VERSION) {
      throw new IllegalArgumentException(
          "facts have version "
              + version
              + ", this release reads 1 to "
              + FORMAT_VERSION
              + ": use a newer release");
    }
    Map<String, Section> sections = new LinkedHashMap<>();
    for (JsonNode node : root.path("sections")) {
      String name = ForeignText.printable(node.path("name").asString(""));
      sections.put(
          name,
          new Section(
              name,
              ForeignText.printable(node.path("source").asString("")),
              state(node.path("state").asString("")),
              ForeignText.clean(node.path("text").asString("")),
              ForeignText.printable(node.path("problem").asString("")),
              node.path("truncated").asBoolean(false)));
    }
    String failure = root.path("failure").asString("");
    try {
      return new HostFacts(
          ForeignText.printable(root.path("host").asString("")),
          Instant.parse(root.path("collectedAt").asString("")),
          Duration.ofMillis(root.path("tookMillis").asLong(0)),
          root.path("roundTrips").asInt(0),
          failure.isEmpty() ? null : ForeignText.printable(failure),
          sections);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "facts must have the time of their collection in collectedAt", e);
    }
  }

  private static State state(String name) {
    for (State state : State.values()) {
      if (state.name().equals(name)) {
        return state;
      }
    }
    throw new IllegalArgumentException(
        "state of a section must be READ, ABSENT or UNREADABLE, not "
            + ForeignText.printable(name));
  }

  /** Returns the host and the time. */
  @Override
  public String toString() {
    return host + " at " + collectedAt + (failure == null ? "" : " (failed: " + failure + ")");
  }
}
