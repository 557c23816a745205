// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.lvstun.Command;
import io.lvstun.ProtocolException;
import io.lvstun.rules.Listing;
import io.lvstun.rules.ListingTable;
import io.lvstun.rules.SettingsListing;
import io.lvstun.state.IpvsInfo;
import io.lvstun.state.ServiceState;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Whatever stands for ipvsadm may print: it is understood or a ProtocolException. */
final class ProgramOutputFuzzTest {

  /** Five lists or more, one behind the other. */
  @FuzzTest
  void listsAreUnderstoodOrRefused(byte[] output) {
    try {
      List<ListingTable> tables = ListingTable.read(new ByteArrayInputStream(output), "test");
      if (tables.size() >= 5 && tables.stream().allMatch(tables.get(0)::sameStructure)) {
        List<ServiceState> states = Recorded.states(tables);
        String text = Listing.of(new IpvsInfo(0x010201, 4096), states, Listing.View.TUNNELS);
        if (text.isEmpty()) {
          throw new AssertionError("a list has titles");
        }
      }
    } catch (ProtocolException e) {
      requireClean(e);
    }
  }

  @FuzzTest
  void daemonsAreUnderstoodOrRefused(byte[] output) {
    try {
      requireAtMostTwo(SettingsListing.daemons(new String(output, StandardCharsets.ISO_8859_1)));
    } catch (IllegalArgumentException e) {
      requireClean(e);
    }
  }

  private static void requireAtMostTwo(List<?> daemons) {
    if (daemons.size() > 2) {
      throw new AssertionError("there are " + daemons.size() + " daemons");
    }
  }

  @FuzzTest
  void timeoutsAreUnderstoodOrRefused(byte[] output) {
    try {
      if (SettingsListing.timeouts(new String(output, StandardCharsets.ISO_8859_1))
          .tcp()
          .isNegative()) {
        throw new AssertionError("time does not run backwards");
      }
    } catch (IllegalArgumentException e) {
      requireClean(e);
    }
  }

  @FuzzTest
  void messagesBecomeExceptions(byte[] output) {
    String text = new String(output, StandardCharsets.ISO_8859_1);
    requireClean(Refusals.of(new Command.Flush(), 255, text));
    requireClean(Refusals.of(new Program.Purpose("read", ""), 1, text));
  }

  /** Messages end on terminals and in logs. */
  private static void requireClean(RuntimeException error) {
    if (error.getMessage().chars().anyMatch(Character::isISOControl)) {
      throw new AssertionError("the message has control characters", error);
    }
  }
}
