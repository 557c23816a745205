// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.machine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentityTest {

  private static Identity kernel(String release) {
    return Identity.parse("kernel=" + release + "\n");
  }

  @Test
  void whatTheHostSaysIsRead() {
    Identity identity =
        Identity.parse(
            """
            uid=0
            kernel=6.1.0-32-amd64
            machine=x86_64
            hostname="lb1"
            json=-j
            tool.ip=/sbin/ip
            tool.nft=1
            lrwxrwxrwx 1 root root 0 Nov 22 16:49 /proc/self/ns/net -> net:[4026532248]
            lrwxrwxrwx 1 root root 0 Nov 22 16:49 /proc/1/ns/net -> net:[4026531840]
            """);
    assertThat(identity.uid()).isZero();
    assertThat(identity.name()).isEqualTo("lb1");
    assertThat(identity.tools()).containsExactlyInAnyOrder("ip", "nft");
    assertThat(identity.networkNamespace()).isEqualTo("net:[4026532248]");
    assertThat(identity.initialNetworkNamespace()).isFalse();
    assertThat(identity.ownNamespace()).isTrue();
    assertThat(identity.jsonFromIp()).isTrue();
    assertThat(identity.bigEndian()).isFalse();
  }

  @Test
  void whatIsNotSaidIsNotGuessed() {
    Identity identity = Identity.parse("uid=99999999999\nmachine=s390x\njson=\n");
    assertThat(identity.uid()).isEqualTo(-1);
    assertThat(identity.ownNamespace()).isFalse();
    assertThat(identity.initialNetworkNamespace()).isFalse();
    assertThat(identity.jsonFromIp()).isFalse();
    assertThat(identity.bigEndian()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "6.1.0-32-amd64,6,1,true",
    "6.1.0-32-amd64,6,2,false",
    "6.1.0-32-amd64,5,99,true",
    "6.12-rc1,6,2,true",
    "5.10.0,6,1,false",
    "3.10.0-1160.el7.x86_64,3,10,true",
    "6,6,0,false",
    "'',0,0,false",
    "unknown,0,0,false",
    "99999.1,5,2,false"
  })
  void versionsAreComparedAsNumbers(String release, int major, int minor, boolean expected) {
    assertThat(kernel(release).kernelAtLeast(major, minor)).isEqualTo(expected);
  }
}
