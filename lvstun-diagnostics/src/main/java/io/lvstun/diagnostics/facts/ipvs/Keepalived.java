// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.ipvs;

import io.lvstun.diagnostics.facts.section.Lines;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  /** Copies the list. */
  public Keepalived {
    instances = List.copyOf(instances);
  }

  /**
   * A VRRP instance.
   *
   * @param name its name
   * @param unicast whether its peers are stated ({@code unicast_peer})
   * @param preempts whether it takes the addresses back when it returns; true unless {@code
   *     nopreempt}
   * @since 0.1.0
   */
  public record Instance(String name, boolean unicast, boolean preempts) {}

  /** Reads what the host printed. */
  public static Keepalived parse(Map<String, String> files) {
    List<Instance> instances = new ArrayList<>();
    boolean pings = false;
    int servers = 0;
    for (Map.Entry<String, String> file : files.entrySet()) {
      if (!file.getKey().startsWith("/etc/keepalived/")) {
        continue;
      }
      Optional<String> open = Optional.empty();
      boolean unicast = false;
      boolean preempts = true;
      int depth = 0;
      int openDepth = 0;
      for (String line : Lines.of(file.getValue())) {
        String text = line.replaceFirst("[#!].*", "").strip();
        if (text.startsWith("vrrp_instance ")) {
          List<String> words = Lines.words(text.replace("{", " "));
          open = Optional.of(words.size() > 1 ? words.get(1) : "");
          openDepth = depth;
          unicast = false;
          preempts = true;
        } else if (text.startsWith("virtual_server ")) {
          servers++;
        }
        if (text.matches("PING_CHECK\\b.*")) {
          pings = true;
        }
        if (open.isPresent() && text.matches("unicast_peer\\b.*")) {
          unicast = true;
        }
        if (open.isPresent() && text.matches("nopreempt\\b.*")) {
          preempts = false;
        }
        depth += (int) text.chars().filter(c -> c == '{').count();
        depth -= (int) text.chars().filter(c -> c == '}').count();
        if (open.isPresent() && text.contains("}") && depth <= openDepth) {
          instances.add(new Instance(open.get(), unicast, preempts));
          open = Optional.empty();
        }
      }
    }
    return new Keepalived(instances, pings, servers);
  }
}
