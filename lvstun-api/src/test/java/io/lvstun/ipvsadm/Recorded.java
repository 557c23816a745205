// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import io.lvstun.rules.ListingTable;
import io.lvstun.state.ServiceState;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What ipvsadm printed in the lab; the script beside the files tells how they came about. */
final class Recorded {

  private static final List<View> VIEWS =
      List.of(View.TUNNELS, View.PERSISTENT, View.THRESHOLDS, View.STATS, View.RATE);

  private Recorded() {}

  static String text(String name) {
    try (InputStream stream = Recorded.class.getResourceAsStream("recorded/" + name)) {
      if (stream == null) {
        throw new IllegalArgumentException("there is no recording " + name);
      }
      return new String(stream.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<ListingTable> tables(String text) {
    return ListingTable.read(
        new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)), "test");
  }

  /** Puts lists in the order of {@link #VIEWS} together. */
  static List<ServiceState> states(List<ListingTable> tables) {
    Map<View, ListingTable> byView = new EnumMap<>(View.class);
    for (int i = 0; i < VIEWS.size(); i++) {
      byView.put(VIEWS.get(i), tables.get(i));
    }
    return new Assembler(View.TUNNELS, byView).states();
  }
}
