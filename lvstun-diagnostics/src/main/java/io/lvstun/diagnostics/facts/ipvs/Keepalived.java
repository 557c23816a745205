// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.ipvs;

import io.lvstun.keepalived.ConfigFiles;
import io.lvstun.keepalived.ConfigReader;
import io.lvstun.keepalived.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the configuration of keepalived says, of what the doctor needs: its VRRP instances and its
 * checkers.
 *
 * @param instances the VRRP instances
 * @param pings whether a checker of the kind {@code PING_CHECK} is used
 * @param virtualServers how many virtual servers it manages
 * @since 0.1.0
 */
public record Keepalived(List<Instance> instances, boolean pings, int virtualServers) {

  private static final String DIRECTORY = "/etc/keepalived/";
  private static final String MAIN = DIRECTORY + "keepalived.conf";
  private static final Pattern CONDITION = Pattern.compile("(?m)^\\s*@\\^?(\\S+)");

  /** Of a host that no condition names. */
  private static final String OTHER = "";

  /** The most configuration ids that are tried when the host's own is not known. */
  private static final int MOST_IDS = 16;

  /** Copies the list. */
  public Keepalived {
    instances = List.copyOf(instances);
  }

  /**
   * A VRRP instance.
   *
   * @param name its name
   * @param unicast whether its peers are stated ({@code unicast_peer}); empty if conditions on the
   *     configuration id decide, and the id is not known
   * @param preempts whether it takes the addresses back when it returns: true unless {@code
   *     nopreempt}; empty as {@code unicast}
   * @since 0.1.0
   */
  public record Instance(String name, Optional<Boolean> unicast, Optional<Boolean> preempts) {}

  /**
   * Reads the files of a host.
   *
   * @param files text by path; the main file, or else all below {@code /etc/keepalived}
   * @param hostName the host's name, whose first part is the configuration id unless keepalived is
   *     given another
   * @return what they say
   * @throws IllegalArgumentException if the configuration cannot be read; says where and why
   */
  public static Keepalived parse(Map<String, String> files, String hostName) {
    Map<String, String> own = new TreeMap<>();
    Set<String> ids = new LinkedHashSet<>();
    files.forEach(
        (path, text) -> {
          if (path.startsWith(DIRECTORY)) {
            own.put(path, text);
            Matcher condition = CONDITION.matcher(text);
            while (condition.find()) {
              ids.add(condition.group(1));
            }
          }
        });
    String id = hostName.split("\\.", 2)[0];
    List<String> candidates = new ArrayList<>();
    if (ids.isEmpty() || ids.contains(id)) {
      candidates.add(id);
    } else {
      ids.stream().limit(MOST_IDS).forEach(candidates::add);
      candidates.add(OTHER);
    }
    return agreed(candidates.stream().map(one -> read(own, one)).toList());
  }

  private static Keepalived read(Map<String, String> files, String id) {
    ConfigReader reader = ConfigReader.of(ConfigFiles.of(files));
    ConfigReader chosen = id.equals(OTHER) ? reader : reader.configId(id);
    Stream<String> paths = files.containsKey(MAIN) ? Stream.of(MAIN) : files.keySet().stream();
    List<Statement> tree = paths.flatMap(path -> chosen.read(path).tree().stream()).toList();
    List<Instance> instances =
        tree.stream()
            .filter(one -> one.keyword().equals("vrrp_instance"))
            .map(Keepalived::instance)
            .toList();
    int servers = (int) tree.stream().filter(one -> one.keyword().equals("virtual_server")).count();
    return new Keepalived(instances, pings(tree), servers);
  }

  private static Instance instance(Statement block) {
    boolean unicast = block.children("unicast_peer").anyMatch(peers -> !peers.block().isEmpty());
    boolean preempts =
        block.block().stream()
            .map(Statement::keyword)
            .filter(keyword -> keyword.equals("nopreempt") || keyword.equals("preempt"))
            .reduce((first, last) -> last)
            .map(keyword -> keyword.equals("preempt"))
            .orElse(true);
    return new Instance(block.argument(0).orElse(""), Optional.of(unicast), Optional.of(preempts));
  }

  private static boolean pings(List<Statement> tree) {
    return tree.stream().anyMatch(one -> one.keyword().equals("PING_CHECK") || pings(one.block()));
  }

  /** What holds whichever host it is. */
  private static Keepalived agreed(List<Keepalived> all) {
    Keepalived first = all.get(0);
    List<Instance> instances = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    all.forEach(one -> one.instances().forEach(instance -> names.add(instance.name())));
    for (String name : names) {
      List<Instance> found =
          all.stream()
              .flatMap(one -> one.instances().stream())
              .filter(instance -> instance.name().equals(name))
              .toList();
      instances.add(
          new Instance(
              name,
              same(found.stream().map(Instance::unicast).toList()),
              same(found.stream().map(Instance::preempts).toList())));
    }
    return new Keepalived(
        instances, all.stream().anyMatch(Keepalived::pings), first.virtualServers());
  }

  private static Optional<Boolean> same(List<Optional<Boolean>> values) {
    return values.stream().allMatch(value -> Objects.equals(value, values.get(0)))
        ? values.get(0)
        : Optional.empty();
  }
}
