// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads configurations of keepalived.
 *
 * <pre>{@code
 * ImportedConfig imported = ConfigReader.onDisk().configId("lb1").read("/etc/keepalived/keepalived.conf");
 * director.apply(imported.config().services());
 * imported.losses().forEach(System.err::println);
 * }</pre>
 *
 * <p>What keepalived only warns of never ends the reading; it is listed. Costs are bounded: files
 * of 16 MiB, a million lines after expansion, blocks 64 deep. Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class ConfigReader {

  private final ConfigFiles files;
  private final Optional<String> configId;

  private ConfigReader(ConfigFiles files, Optional<String> configId) {
    this.files = Objects.requireNonNull(files, "files");
    this.configId = configId;
  }

  /**
   * Returns a reader of this machine's files, without a configuration id.
   *
   * @return the reader
   */
  public static ConfigReader onDisk() {
    return of(ConfigFiles.onDisk());
  }

  /**
   * Returns a reader without a configuration id.
   *
   * @param files where files come from
   * @return the reader
   */
  public static ConfigReader of(ConfigFiles files) {
    return new ConfigReader(files, Optional.empty());
  }

  /**
   * Returns a reader that takes the lines of one host: those that begin with {@code @id}, and those
   * that begin with {@code @^other}. Without an id the lines of all hosts are left out and listed.
   *
   * @param id what {@code keepalived -i} is given; by default the host's name up to the first dot
   * @return a copy
   */
  public ConfigReader configId(String id) {
    Objects.requireNonNull(id, "id");
    return new ConfigReader(files, Optional.of(id));
  }

  /**
   * Reads a configuration.
   *
   * @param path the path of its main file
   * @return what was read, and what was not
   * @throws ConfigSyntaxException if it cannot be read at all
   */
  public ImportedConfig read(String path) {
    Objects.requireNonNull(path, "path");
    List<ImportLoss> losses = new ArrayList<>();
    LineSource lines = new LineSource(files, configId, losses);
    lines.open(path);
    List<Statement> tree = new TreeReader(lines, losses).read();
    KeepalivedConfig config = config(tree, new StatementReader(losses));
    losses.sort((a, b) -> a.place().compareTo(b.place()));
    return new ImportedConfig(config, tree, losses.stream().distinct().toList());
  }

  private static KeepalivedConfig config(List<Statement> tree, StatementReader reader) {
    GlobalForm global = new GlobalForm(reader);
    VrrpForm vrrp = new VrrpForm(reader);
    Map<String, List<GroupForm.Entry>> groups = new HashMap<>();
    List<VrrpScript> scripts = new ArrayList<>();
    List<SyncGroup> syncGroups = new ArrayList<>();
    List<VrrpInstance> instances = new ArrayList<>();
    List<VirtualServer> servers = new ArrayList<>();
    for (Statement one : tree) {
      switch (one.keyword()) {
        case "global_defs" -> global.read(one);
        case "vrrp_script" -> vrrp.script(one).ifPresent(scripts::add);
        case "vrrp_sync_group" -> vrrp.group(one).ifPresent(syncGroups::add);
        case "vrrp_instance" -> vrrp.instance(one).ifPresent(instances::add);
        case "virtual_server_group" ->
            groups.put(one.argument(0).orElse(""), GroupForm.read(reader, one));
        case "virtual_server" -> {}
        default -> reader.untaken(one, Grammar.TOP);
      }
    }
    tree.stream()
        .filter(one -> one.keyword().equals("virtual_server"))
        .forEach(one -> servers.addAll(ServerForm.read(reader, one, groups)));
    return new KeepalivedConfig(global.settings(), scripts, syncGroups, instances, servers);
  }
}
