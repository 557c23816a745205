// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformTest {

  @ParameterizedTest
  @CsvSource({
    "chassis_asset_tag, 7783-7084-3265-9085-8269-3286-77, AZURE",
    "sys_vendor, Microsoft Corporation, NONE",
    "sys_vendor, DigitalOcean, DIGITALOCEAN",
    "bios_vendor, Amazon EC2, AWS",
    "product_version, 4.11.amazon, AWS",
    "sys_vendor, Google, GOOGLE",
    "product_name, Google Compute Engine, GOOGLE",
    "product_name, OpenStack Compute, OPENSTACK",
    "sys_vendor, QEMU, NONE",
  })
  void firmwareNamesTheCloud(String file, String text, Platform.Cloud cloud) {
    Platform platform = Platform.parse("/sys/class/dmi/id/" + file + ":" + text + "\n");
    assertThat(platform.cloud()).isEqualTo(cloud);
    assertThat(platform.known()).isTrue();
  }

  @Test
  void hostWithoutFirmwareIsOfNoKnownCloud() {
    Platform platform = Platform.parse("/etc/os-release:ID=debian\n/sys/class/dmi/id/sys_vendor\n");
    assertThat(platform.known()).isFalse();
    assertThat(platform.cloud()).isEqualTo(Platform.Cloud.NONE);
    assertThat(platform.cloud()).hasToString("no known cloud");
    assertThat(platform.toString()).isEmpty();
  }

  @Test
  void firstLineOfAFileCountsAndTurkishLocaleChangesNothing() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("tr"));
      Platform platform =
          Platform.parse(
              "/sys/class/dmi/id/sys_vendor: DIGITALOCEAN \n/sys/class/dmi/id/sys_vendor:QEMU\n");
      assertThat(platform.cloud()).isEqualTo(Platform.Cloud.DIGITALOCEAN);
      assertThat(platform).hasToString("DIGITALOCEAN");
    } finally {
      Locale.setDefault(before);
    }
  }
}
