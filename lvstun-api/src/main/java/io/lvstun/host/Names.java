// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import io.lvstun.ForeignText;
import java.net.InetAddress;

/** What may stand in the commands of changes. */
final class Names {

  private static final String DEVICE = "[A-Za-z0-9_.][A-Za-z0-9_.:@-]{0,14}";

  private Names() {}

  static void requireDevice(String device) {
    require("device", device, DEVICE);
    if (device.equals(".") || device.equals("..")) {
      throw new IllegalArgumentException("device must have a name that Linux takes, not " + device);
    }
  }

  static void requirePort(int port) {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port must be 1 to 65535, not " + port);
    }
  }

  static void requirePrefix(InetAddress address, int length) {
    int bits = address.getAddress().length * 8;
    if (length < 0 || length > bits) {
      throw new IllegalArgumentException("prefixLength must be 0 to " + bits + ", not " + length);
    }
  }

  static void requirePath(String name, String path) {
    require(name, path, "/[ -~]{1,1023}");
    if ((path + "/").contains("/../")
        || (path + "/").contains("/./")
        || path.contains("//")
        || path.endsWith("/")
        || path.substring(path.lastIndexOf('/')).length() > 200) {
      throw new IllegalArgumentException(
          name + " must be a plain absolute path, not " + ForeignText.printable(path));
    }
  }

  static void require(String name, String value, String pattern) {
    if (!value.matches(pattern)) {
      throw new IllegalArgumentException(
          name + " must match " + pattern + ", not " + ForeignText.printable(value));
    }
  }
}
