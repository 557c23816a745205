// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair.persist;

import com.google.errorprone.annotations.CheckReturnValue;
import java.util.Optional;

/**
 * Where what is to last over a reboot is written. Immutable.
 *
 * <p>By default that is the host's {@code /etc}. A network namespace shares it with its machine,
 * whose next boot has nothing to do with the namespace: there, files go to {@code /etc/netns/NAME},
 * which {@code ip netns exec} lays over {@code /etc}, if that folder exists, and nowhere otherwise.
 *
 * @since 0.1.0
 */
@CheckReturnValue
public final class Durability {

  private final boolean wanted;
  private final Optional<String> root;
  private final Optional<NetworkConfiguration> network;

  private Durability(
      boolean wanted, Optional<String> root, Optional<NetworkConfiguration> network) {
    this.wanted = wanted;
    this.root = root;
    this.network = network;
  }

  /**
   * Returns the default: the host's own {@code /etc}, and whoever configures its network.
   *
   * @return the default
   */
  public static Durability ofHost() {
    return new Durability(true, Optional.empty(), Optional.empty());
  }

  /**
   * Returns one that writes nothing: all is gone with the next reboot.
   *
   * @return nothing lasts
   */
  public static Durability none() {
    return new Durability(false, Optional.empty(), Optional.empty());
  }

  /**
   * Returns a copy that writes below another folder, as for an image that is being built.
   *
   * @param folder absolute path on the host; {@code {host}} in it becomes the host's name
   * @return the copy
   * @throws IllegalArgumentException if it is not absolute, has {@code ..} in it, or other
   *     characters than letters, digits and {@code ._+@:/-}
   */
  public Durability root(String folder) {
    String plain = folder.replace("{host}", "host");
    if (!plain.matches("/[A-Za-z0-9._+@:/-]{0,1024}") || (plain + "/").contains("/../")) {
      throw new IllegalArgumentException("root must be an absolute, plain path of a folder");
    }
    String clean = folder.replaceAll("/+$", "");
    return new Durability(wanted, Optional.of(clean), network);
  }

  /**
   * Returns a copy that knows who configures the network, where that cannot be told from the facts.
   *
   * @param configuration who does
   * @return the copy
   */
  public Durability network(NetworkConfiguration configuration) {
    return new Durability(wanted, root, Optional.of(configuration));
  }

  /** Tells whether changes last over a reboot. */
  public boolean wanted() {
    return wanted;
  }

  /** Returns the network configuration that was stated. */
  public Optional<NetworkConfiguration> network() {
    return network;
  }

  /** Returns the root of the files of a host, where that is not the file system itself. */
  public Optional<String> rootFor(String host) {
    // A host may be named "..", which must not lead out of the root.
    String name = host.replaceAll("[^A-Za-z0-9._-]", "_").replaceFirst("^\\.+", "_");
    return root.map(folder -> folder.replace("{host}", name));
  }

  /** Returns what it is, for people. */
  @Override
  public String toString() {
    return wanted ? root.map(folder -> folder + "/etc").orElse("/etc") : "nothing lasts";
  }
}
