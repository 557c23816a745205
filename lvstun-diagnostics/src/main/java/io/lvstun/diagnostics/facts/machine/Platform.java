// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.machine;

import io.lvstun.diagnostics.facts.section.Lines;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The machine under the host, as its firmware describes it ({@code /sys/class/dmi/id}). All parts
 * are empty where there is no such description: in containers, on some processors.
 *
 * @param vendor for example {@code Amazon EC2}, {@code Microsoft Corporation}, {@code QEMU}
 * @param product for example {@code OpenStack Nova}, {@code Google Compute Engine}
 * @param version of the product
 * @param firmware the firmware's vendor
 * @param board the board's vendor
 * @param assetTag of the chassis; clouds put their mark there
 * @since 0.1.0
 */
public record Platform(
    String vendor, String product, String version, String firmware, String board, String assetTag) {

  /** What Azure writes on the chassis of its virtual machines, other Hyper-V hosts do not. */
  private static final String AZURE_CHASSIS = "7783-7084-3265-9085-8269-3286-77";

  /**
   * Clouds whose networks treat tunnels in a way of their own.
   *
   * @since 0.1.0
   */
  public enum Cloud {
    /** Microsoft Azure. */
    AZURE("Azure"),
    /** DigitalOcean. */
    DIGITALOCEAN("DigitalOcean"),
    /** Amazon EC2. */
    AWS("AWS"),
    /** Google Compute Engine. */
    GOOGLE("Google Cloud"),
    /** OpenStack, and the clouds that are made of it. */
    OPENSTACK("OpenStack"),
    /** None that is known. */
    NONE("no known cloud");

    private final String title;

    Cloud(String title) {
      this.title = title;
    }

    /** Returns the name as people write it. */
    @Override
    public String toString() {
      return title;
    }
  }

  /** Reads what the host printed. */
  public static Platform parse(String files) {
    String root = "/sys/class/dmi/id/";
    Map<String, String> values = new HashMap<>();
    for (String line : Lines.of(files)) {
      int colon = line.indexOf(':');
      if (colon > 0 && line.startsWith(root)) {
        values.putIfAbsent(line.substring(root.length(), colon), line.substring(colon + 1).strip());
      }
    }
    return new Platform(
        values.getOrDefault("sys_vendor", ""),
        values.getOrDefault("product_name", ""),
        values.getOrDefault("product_version", ""),
        values.getOrDefault("bios_vendor", ""),
        values.getOrDefault("board_vendor", ""),
        values.getOrDefault("chassis_asset_tag", ""));
  }

  /**
   * Tells whether the firmware says anything.
   *
   * @return false if nothing is known
   */
  public boolean known() {
    return !(vendor + product + version + firmware + board + assetTag).isEmpty();
  }

  /**
   * Returns the cloud that the machine is part of.
   *
   * @return the cloud; {@link Cloud#NONE} if it is none that is known
   */
  public Cloud cloud() {
    String all =
        String.join("\n", List.of(vendor, product, version, firmware, board, assetTag))
            .toLowerCase(Locale.ROOT);
    if (assetTag.equals(AZURE_CHASSIS)) {
      return Cloud.AZURE;
    }
    if (all.contains("digitalocean")) {
      return Cloud.DIGITALOCEAN;
    }
    if (all.contains("amazon")) {
      return Cloud.AWS;
    }
    if (vendor.equals("Google") || product.equals("Google Compute Engine")) {
      return Cloud.GOOGLE;
    }
    if (all.contains("openstack") || all.contains("huaweicloud") || all.contains("huawei cloud")) {
      return Cloud.OPENSTACK;
    }
    return Cloud.NONE;
  }

  /** Returns vendor, product and asset tag. */
  @Override
  public String toString() {
    return String.join(" ", List.of(vendor, product, assetTag)).strip();
  }
}
