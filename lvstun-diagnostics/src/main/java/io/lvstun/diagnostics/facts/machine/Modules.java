// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.machine;

import io.lvstun.diagnostics.facts.section.Fact;
import io.lvstun.diagnostics.facts.section.Lines;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The kernel's modules: which are loaded, and which could be.
 *
 * @since 0.1.0
 */
public final class Modules {

  /**
   * What is known of a module.
   *
   * @since 0.1.0
   */
  public enum State {
    /** Loaded; also a built-in one that shows itself under {@code /sys/module}. */
    LOADED,
    /** Part of the kernel. */
    BUILT_IN,
    /** Not loaded; {@code modprobe} finds it. */
    LOADABLE,
    /** Not loaded, and not among the modules of the running kernel. */
    ABSENT,
    /** Not loaded, and the list of the running kernel's modules cannot be read. */
    NOT_LOADED
  }

  private static final String ROOT = "/sys/module/";

  /**
   * A function that shows that a module is there, where the list of built-in modules is missing.
   */
  private static final Map<String, String> SYMBOLS =
      Map.of(
          "ipip", "ipip_rcv",
          "ip_vs", "ip_vs_conn_put",
          "nf_tables", "nft_do_chain",
          "ip_tables", "ipt_do_table",
          "fou", "fou_build_header",
          "ip_set", "ip_set_add",
          "sit", "ipip6_rcv",
          "ip6_tunnel", "ip6_tnl_rcv",
          "ip_gre", "gretap_fb_dev_create",
          "nf_conntrack", "nf_conntrack_in");

  private final Set<String> loaded;
  private final Map<String, State> available;
  private final Optional<String> listUnknown;
  private final Set<String> symbols;
  private final Map<String, String> parameters;

  private Modules(
      Set<String> loaded,
      Map<String, State> available,
      Optional<String> listUnknown,
      Set<String> symbols,
      Map<String, String> parameters) {
    this.loaded = loaded;
    this.available = available;
    this.listUnknown = listUnknown;
    this.symbols = symbols;
    this.parameters = parameters;
  }

  /** Reads what the host printed. */
  public static Modules parse(
      String loadedText, Fact<String> availableText, String symbolText, String files) {
    Set<String> loaded = new HashSet<>();
    Map<String, String> parameters = new HashMap<>();
    for (String line : Lines.of(loadedText)) {
      if (line.startsWith(ROOT)) {
        loaded.add(line.substring(ROOT.length()));
      }
    }
    for (String line : Lines.of(files)) {
      int at = line.indexOf("/parameters/");
      int colon = line.indexOf(':');
      if (line.startsWith(ROOT) && at > 0 && colon > at) {
        parameters.put(
            line.substring(ROOT.length(), at)
                + "."
                + line.substring(at + "/parameters/".length(), colon),
            line.substring(colon + 1));
      }
    }
    Map<String, State> available = new LinkedHashMap<>();
    for (String line : Lines.of(availableText.known().orElse(""))) {
      // /lib/modules/6.1.0-32-amd64/modules.dep:/ipip.ko.xz:    the last colon ends a name
      int at = line.indexOf(".ko");
      int slash = at < 0 ? -1 : line.lastIndexOf('/', at);
      int colon = at < 0 ? -1 : line.lastIndexOf(':', at);
      if (at > 0 && Math.max(slash, colon) >= 0) {
        String name = line.substring(Math.max(slash, colon) + 1, at).replace('-', '_');
        boolean own = line.endsWith(":");
        if (line.contains("/modules.builtin:")) {
          available.put(name, State.BUILT_IN);
        } else if (own) {
          available.putIfAbsent(name, State.LOADABLE);
        }
      }
    }
    return new Modules(
        loaded,
        available,
        availableText.known().isPresent() ? Optional.empty() : Optional.of(availableText.reason()),
        new HashSet<>(Lines.words(symbolText)),
        parameters);
  }

  /**
   * Tells what is known of a module.
   *
   * @param module its name, with underscores
   * @return its state
   */
  public State state(String module) {
    State listed = available.get(module);
    if (listed == State.BUILT_IN) {
      return State.BUILT_IN;
    }
    if (loaded.contains(module)) {
      return State.LOADED;
    }
    String symbol = SYMBOLS.get(module);
    if (symbol != null && symbols.contains(symbol)) {
      return State.BUILT_IN;
    }
    if (listed != null) {
      return listed;
    }
    return listUnknown.isPresent() ? State.NOT_LOADED : State.ABSENT;
  }

  /**
   * Tells whether a module works now.
   *
   * @param module its name, with underscores
   * @return true if it is loaded or built in
   */
  public boolean present(String module) {
    State state = state(module);
    return state == State.LOADED || state == State.BUILT_IN;
  }

  /**
   * Returns a module's parameter.
   *
   * @param module its name, with underscores
   * @param parameter the parameter's name
   * @return its value; empty if the module is not loaded or the parameter was not read
   */
  public Optional<String> parameter(String module, String parameter) {
    return Optional.ofNullable(parameters.get(module + "." + parameter));
  }
}
