// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.IpAddress;
import io.lvstun.host.HostChange;
import io.lvstun.host.Risk;
import io.lvstun.host.SetAddress;
import io.lvstun.host.SetLinkUp;
import org.junit.jupiter.api.Test;

class RemedyTest {

  private static final HostChange LINK = new SetLinkUp("tunl0");
  private static final HostChange ADDRESS =
      SetAddress.present("tunl0", IpAddress.parse("192.0.2.1"), 32);

  @Test
  void riskIsTheGreatestOfItsSteps() {
    assertThat(Remedy.manual("call").risk()).isEqualTo(Risk.MANUAL);
    assertThat(Remedy.of("x", LINK).risk()).isEqualTo(Risk.SAFE);
    assertThat(Remedy.of("x", ADDRESS).then(LINK).risk()).isEqualTo(Risk.ADDRESS);
    assertThat(Remedy.of("x", LINK).then(ADDRESS).risk()).isEqualTo(Risk.ADDRESS);
  }

  @Test
  void stepsAndLinesKeepTheirOrderAndTheFirstIsNotChanged() {
    Remedy first = Remedy.of("x", LINK);
    Remedy more = first.then(ADDRESS).lasting("/etc/a", "1").lasting("/etc/b", "2");
    assertThat(more.actions()).containsExactly(LINK, ADDRESS);
    assertThat(more.persistent())
        .containsExactly(new PersistentLine("/etc/a", "1"), new PersistentLine("/etc/b", "2"));
    assertThat(first.actions()).containsExactly(LINK);
    assertThat(first.persistent()).isEmpty();
  }
}
