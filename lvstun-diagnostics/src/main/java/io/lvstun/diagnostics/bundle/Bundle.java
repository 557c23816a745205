// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.bundle;

import io.lvstun.ForeignText;
import io.lvstun.IpAddress;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import io.lvstun.cluster.Node;
import io.lvstun.cluster.Role;
import io.lvstun.cluster.ServiceText;
import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.rules.Rules;
import io.lvstun.rules.RulesForm;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The facts of all hosts of a cluster in one file, {@code .zip}, to be analysed elsewhere, later,
 * and by a later version.
 *
 * <p>Inside are {@code manifest.json}, which says what the hosts are, and the facts of each host as
 * {@link HostFacts#toJson()} writes them: secrets were blotted out when they were collected. A
 * bundle that was read speaks to no host: commands on its hosts fail.
 *
 * @since 0.1.0
 */
public final class Bundle {

  /** The version of the form. Later versions of this library read earlier versions of it. */
  public static final int FORMAT_VERSION = 1;

  private static final String FORMAT = "lvstun-bundle";
  private static final Pattern NAME =
      Pattern.compile(
          "(?:\\./)?(?:lvstun-bundle/)?(?<name>manifest\\.json|hosts/[0-9]{1,4}\\.json)");
  private static final Pattern FOLDER = Pattern.compile("(?:\\./)?lvstun-bundle/(?:hosts/)?");
  private static final int LONGEST_FILE = 64 << 20;
  private static final long LONGEST = 256L << 20;

  private Bundle() {}

  // ---- writing ----

  /**
   * Writes a bundle.
   *
   * @param cluster the hosts with their facts
   * @param out where to; it is not closed
   * @throws IOException if it cannot be written
   */
  public static void write(Cluster cluster, OutputStream out) throws IOException {
    Instant at =
        cluster.members().stream()
            .map(member -> member.facts().collectedAt())
            .max(Instant::compareTo)
            .orElse(Instant.EPOCH);
    ZipOutputStream zip = new ZipOutputStream(out);
    LocalDateTime modified = LocalDateTime.ofInstant(at, ZoneOffset.UTC);
    put(zip, "manifest.json", manifest(cluster, at), modified);
    int number = 0;
    for (Member member : cluster.members()) {
      put(zip, file(number++), member.facts().toJson(), modified);
    }
    zip.finish();
    out.flush();
  }

  private static void put(ZipOutputStream zip, String name, String text, LocalDateTime modified)
      throws IOException {
    ZipEntry entry = new ZipEntry(FORMAT + "/" + name);
    entry.setTimeLocal(modified);
    zip.putNextEntry(entry);
    zip.write(text.getBytes(StandardCharsets.UTF_8));
    zip.closeEntry();
  }

  private static String file(int number) {
    return "hosts/" + number + ".json";
  }

  private static String manifest(Cluster cluster, Instant at) {
    JsonMapper mapper = JsonMapper.shared();
    ObjectNode root = mapper.createObjectNode();
    root.put("format", FORMAT);
    root.put("version", FORMAT_VERSION);
    root.put("collectedAt", at.toString());
    ArrayNode hosts = root.putArray("hosts");
    int number = 0;
    for (Member member : cluster.members()) {
      ObjectNode host = hosts.addObject();
      host.put("name", member.name());
      host.put("host", member.node().host().specification());
      ArrayNode roles = host.putArray("roles");
      member.node().roles().forEach(role -> roles.add(role.toString()));
      addresses(host.putArray("addresses"), member.node().addresses());
      host.put("facts", file(number++));
    }
    ArrayNode services = root.putArray("services");
    for (ServiceKey service : cluster.topology().services()) {
      services.add(ServiceText.format(service));
    }
    addresses(root.putArray("virtualAddresses"), cluster.topology().addresses());
    if (!cluster.topology().desired().isEmpty()) {
      root.put("desired", Rules.write(cluster.topology().desired(), RulesForm.COMPLETE).text());
    }
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
  }

  private static void addresses(ArrayNode array, Iterable<InetAddress> addresses) {
    addresses.forEach(address -> array.add(IpAddress.format(address)));
  }

  // ---- reading ----

  /**
   * Reads a bundle.
   *
   * @param in where from; it is not closed
   * @return the hosts with their facts
   * @throws IOException if it cannot be read, or ends too early
   * @throws IllegalArgumentException if it is no bundle, of a version that this release does not
   *     know, or larger than 256 MiB unpacked
   */
  public static Cluster read(InputStream in) throws IOException {
    Map<String, byte[]> files = new HashMap<>();
    long left = LONGEST;
    try {
      ZipInputStream zip = new ZipInputStream(in);
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (FOLDER.matcher(entry.getName()).matches()) {
          continue;
        }
        Matcher name = NAME.matcher(entry.getName());
        if (!name.matches()) {
          throw new IllegalArgumentException(
              "not a bundle: bundles have no file " + printable(entry.getName()));
        }
        byte[] content = zip.readNBytes((int) Math.min(left, LONGEST_FILE) + 1);
        left -= content.length;
        if (content.length > LONGEST_FILE || left < 0) {
          throw new IllegalArgumentException(
              "the bundle is larger than 256 MiB unpacked, or a file of it than 64 MiB");
        }
        if (files.put(name.group("name"), content) != null) {
          throw new IllegalArgumentException("the bundle has a file twice");
        }
      }
    } catch (ZipException e) {
      throw new IllegalArgumentException("not a bundle: " + printable(e.getMessage()), e);
    } catch (EOFException e) {
      throw new IllegalArgumentException("the bundle is not complete: it ends too early", e);
    }
    return cluster(files);
  }

  private static Cluster cluster(Map<String, byte[]> files) {
    JsonNode root = json(files.get("manifest.json"));
    if (!root.path("format").asString("").equals(FORMAT)) {
      throw new IllegalArgumentException("not a bundle: its manifest has another format");
    }
    int version = root.path("version").asInt(0);
    if (version < 1 || version > FORMAT_VERSION) {
      throw new IllegalArgumentException(
          "the bundle has version "
              + version
              + ", this release reads 1 to "
              + FORMAT_VERSION
              + ": use a newer release");
    }
    Topology.Builder builder = Topology.builder();
    Map<String, HostFacts> facts = new LinkedHashMap<>();
    for (JsonNode host : root.path("hosts")) {
      String name = host.path("name").asString("");
      node(builder, host, name);
      String file = host.path("facts").asString("");
      byte @Nullable [] content = files.get(file);
      if (content == null) {
        throw new IllegalArgumentException("the bundle lacks " + printable(file));
      }
      facts.put(name, HostFacts.fromJson(text(content)));
    }
    for (JsonNode service : root.path("services")) {
      builder.service(ServiceText.parse(service.asString("")));
    }
    for (JsonNode address : root.path("virtualAddresses")) {
      builder.service(IpAddress.format(IpAddress.parse(address.asString(""))));
    }
    for (VirtualService service :
        Rules.replay(Rules.parse(root.path("desired").asString(""))).snapshot().services()) {
      builder.desired(service);
    }
    Topology topology = builder.build();
    List<Member> members = new ArrayList<>();
    for (Node node : topology.nodes()) {
      HostFacts known = facts.get(node.name());
      if (known == null || topology.nodes().size() != facts.size()) {
        throw new IllegalArgumentException("two hosts of the bundle are the same");
      }
      members.add(new Member(node, known));
    }
    return Cluster.of(topology, members);
  }

  private static void node(Topology.Builder builder, JsonNode host, String name) {
    BundledHost bundled = new BundledHost(printable(host.path("host").asString("")), name);
    List<InetAddress> addresses = new ArrayList<>();
    for (JsonNode address : host.path("addresses")) {
      addresses.add(IpAddress.parse(address.asString("")));
    }
    int roles = 0;
    for (JsonNode text : host.path("roles")) {
      for (Role role : List.of(Role.DIRECTOR, Role.REAL_SERVER, Role.VANTAGE)) {
        if (role.toString().equals(text.asString(""))) {
          builder.named(name, bundled, role, role == Role.REAL_SERVER ? addresses : List.of());
          roles++;
        }
      }
    }
    if (roles == 0) {
      throw new IllegalArgumentException("a host of the bundle has no role");
    }
  }

  private static JsonNode json(byte @Nullable [] content) {
    if (content == null) {
      throw new IllegalArgumentException("not a bundle: it has no manifest.json");
    }
    try {
      return JsonMapper.shared().readTree(content);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("the bundle's manifest is not JSON", e);
    }
  }

  private static String text(byte[] content) {
    return new String(content, StandardCharsets.UTF_8);
  }

  private static String printable(@Nullable String text) {
    return ForeignText.printable(String.valueOf(text));
  }
}
