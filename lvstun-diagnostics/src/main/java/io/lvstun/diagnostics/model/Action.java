// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.model;

import io.lvstun.IpAddress;
import io.lvstun.host.ShellText;
import java.net.InetAddress;
import java.util.List;

/**
 * One step of a remedy. Steps are values, not text, so that they can be shown, applied, made to
 * last and taken back.
 *
 * @since 0.1.0
 */
public sealed interface Action {

  /**
   * Returns the command that does it now.
   *
   * @return program and arguments; empty if no program can do it
   */
  List<String> command();

  /**
   * Returns what the step may break.
   *
   * @return the risk
   */
  Risk risk();

  /**
   * Returns the step for people: the command as they would type it.
   *
   * @return one line
   */
  default String text() {
    return ShellText.join(command());
  }

  /**
   * Loads a kernel module.
   *
   * @param module its name
   * @since 0.1.0
   */
  record LoadModule(String module) implements Action {
    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if it is no module's name
     */
    public LoadModule {
      require("module", module, "[A-Za-z0-9_][A-Za-z0-9_-]{0,63}");
    }

    @Override
    public List<String> command() {
      return List.of("modprobe", module);
    }

    @Override
    public Risk risk() {
      return Risk.SAFE;
    }
  }

  /**
   * Sets a kernel parameter.
   *
   * @param path below {@code /proc/sys}, for example {@code net/ipv4/conf/tunl0/rp_filter}
   * @param value the value
   * @since 0.1.0
   */
  record SetSysctl(String path, String value) implements Action {
    /**
     * Checks the path and the value.
     *
     * @throws IllegalArgumentException if one of them has characters that a parameter cannot have
     */
    public SetSysctl {
      require("path", path, "[a-z]+(/[A-Za-z0-9_.:@-]+)+");
      if (path.contains("/../") || path.contains("/./")) {
        throw new IllegalArgumentException("path must be plain, not " + path);
      }
      require("value", value, "[A-Za-z0-9 ._-]{1,128}");
    }

    /**
     * Returns the name as {@code sysctl} takes it: with slashes where a device's name has a dot.
     *
     * @return for example {@code net.ipv4.conf.tunl0.rp_filter}
     */
    public String name() {
      return path.indexOf('.') >= 0 ? path : path.replace('/', '.');
    }

    @Override
    public List<String> command() {
      return List.of("sysctl", "-w", name() + "=" + value);
    }

    @Override
    public Risk risk() {
      return Risk.SAFE;
    }
  }

  /**
   * Switches a network device on.
   *
   * @param device its name
   * @since 0.1.0
   */
  record SetLinkUp(String device) implements Action {
    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if it is no device's name
     */
    public SetLinkUp {
      requireDevice(device);
    }

    @Override
    public List<String> command() {
      return List.of("ip", "link", "set", "dev", device, "up");
    }

    @Override
    public Risk risk() {
      return Risk.SAFE;
    }
  }

  /**
   * Gives a network device an address.
   *
   * @param device its name
   * @param address the address
   * @param prefixLength length of the network's prefix
   * @since 0.1.0
   */
  record AddAddress(String device, InetAddress address, int prefixLength) implements Action {
    /**
     * Checks the name and the length.
     *
     * @throws IllegalArgumentException if the name is no device's or the length does not fit the
     *     address
     */
    public AddAddress {
      requireDevice(device);
      requirePrefix(address, prefixLength);
    }

    @Override
    public List<String> command() {
      return List.of(
          "ip", "address", "add", IpAddress.format(address) + "/" + prefixLength, "dev", device);
    }

    @Override
    public Risk risk() {
      return Risk.ADDRESS;
    }
  }

  /**
   * Takes an address from a network device.
   *
   * @param device its name
   * @param address the address
   * @param prefixLength length of the network's prefix
   * @since 0.1.0
   */
  record RemoveAddress(String device, InetAddress address, int prefixLength) implements Action {
    /**
     * Checks the name and the length.
     *
     * @throws IllegalArgumentException if the name is no device's or the length does not fit the
     *     address
     */
    public RemoveAddress {
      requireDevice(device);
      requirePrefix(address, prefixLength);
    }

    @Override
    public List<String> command() {
      return List.of(
          "ip", "address", "delete", IpAddress.format(address) + "/" + prefixLength, "dev", device);
    }

    @Override
    public Risk risk() {
      return Risk.ADDRESS;
    }
  }

  /**
   * Runs a command, of which the one that takes it back is known.
   *
   * @param command program and arguments
   * @param undo program and arguments that take it back; empty if nothing does
   * @param risk what it may break
   * @since 0.1.0
   */
  record Run(List<String> command, List<String> undo, Risk risk) implements Action {
    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if there is no program
     */
    public Run {
      command = List.copyOf(command);
      undo = List.copyOf(undo);
      if (command.isEmpty()) {
        throw new IllegalArgumentException("command must name a program");
      }
    }
  }

  /**
   * Asks a person to do something.
   *
   * @param text what to do, a sentence
   * @since 0.1.0
   */
  record Manual(String text) implements Action {
    @Override
    public List<String> command() {
      return List.of();
    }

    @Override
    public Risk risk() {
      return Risk.MANUAL;
    }
  }

  private static void requireDevice(String device) {
    require("device", device, "[A-Za-z0-9_.][A-Za-z0-9_.:@-]{0,14}");
  }

  private static void requirePrefix(InetAddress address, int length) {
    int bits = address.getAddress().length * 8;
    if (length < 0 || length > bits) {
      throw new IllegalArgumentException("prefixLength must be 0 to " + bits + ", not " + length);
    }
  }

  private static void require(String name, String value, String pattern) {
    if (!value.matches(pattern)) {
      throw new IllegalArgumentException(
          name + " must match " + pattern + ", which does not hold for what the host has");
    }
  }
}
