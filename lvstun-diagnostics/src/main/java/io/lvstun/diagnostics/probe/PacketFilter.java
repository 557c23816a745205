// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe;

import io.lvstun.spi.FilterInstruction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Programs of classic BPF for packets from the IP header on.
 *
 * @since 0.1.0
 */
public final class PacketFilter {

  static final int LOAD_BYTE = 0x30;
  static final int LOAD_SHORT = 0x28;
  static final int LOAD_SHORT_INDEXED = 0x48;
  static final int INDEX_IPV4_HEADER = 0xb1;
  static final int SHIFT_RIGHT = 0x74;
  static final int JUMP_EQUAL = 0x15;
  static final int JUMP_ANY_BIT = 0x45;
  static final int RETURN = 0x06;
  static final int JUMP = 0x05;

  private static final String ACCEPT = "accept";
  private static final String REJECT = "reject";
  private static final String NEXT = "";
  private static final int WHOLE = 0x40000;
  private static final int FARTHEST = 255;

  private record Line(int code, long operand, String ifTrue, String ifFalse) {}

  private final List<Line> lines = new ArrayList<>();
  private final Map<String, Integer> labels = new HashMap<>();

  private PacketFilter() {}

  /** Packets of tunnels: protocols 4, 41 and 47, and UDP to the ports of GUE. */
  public static List<FilterInstruction> tunnels(Collection<Integer> guePorts) {
    PacketFilter filter = new PacketFilter();
    filter.version();
    filter.label("v4").load(LOAD_BYTE, 9);
    filter.tunnelProtocol(guePorts.isEmpty() ? REJECT : "udp4");
    if (!guePorts.isEmpty()) {
      // Only the first fragment has ports.
      filter.label("udp4").load(LOAD_SHORT, 6).jump(JUMP_ANY_BIT, 0x1fff, REJECT, NEXT);
      filter.load(INDEX_IPV4_HEADER, 0).load(LOAD_SHORT_INDEXED, 2).oneOf(guePorts);
    }
    filter.label("v6").load(LOAD_BYTE, 6);
    // What Linux puts before the packet inside: a limit of encapsulation.
    filter.jump(JUMP_EQUAL, 60, "options", NEXT);
    filter.tunnelProtocol(guePorts.isEmpty() ? REJECT : "udp6");
    filter.label("options").load(LOAD_BYTE, 40).tunnelProtocol(REJECT);
    if (!guePorts.isEmpty()) {
      filter.label("udp6").load(LOAD_SHORT, 42).oneOf(guePorts);
    }
    return filter.assemble();
  }

  /** Answers to probes: ICMP of both versions, and TCP to one of some ports. */
  public static List<FilterInstruction> answers(Collection<Integer> tcpPorts) {
    PacketFilter filter = new PacketFilter();
    filter.version();
    filter.label("v4").load(LOAD_BYTE, 9).jump(JUMP_EQUAL, IpPacket.ICMP, ACCEPT, NEXT);
    filter.jump(JUMP_EQUAL, IpPacket.TCP, NEXT, REJECT);
    filter.load(LOAD_SHORT, 6).jump(JUMP_ANY_BIT, 0x1fff, REJECT, NEXT);
    filter.load(INDEX_IPV4_HEADER, 0).load(LOAD_SHORT_INDEXED, 2).oneOf(tcpPorts);
    filter.label("v6").load(LOAD_BYTE, 6).jump(JUMP_EQUAL, IpPacket.ICMPV6, ACCEPT, NEXT);
    filter.jump(JUMP_EQUAL, IpPacket.TCP, NEXT, REJECT);
    filter.load(LOAD_SHORT, 42).oneOf(tcpPorts);
    return filter.assemble();
  }

  private void version() {
    load(LOAD_BYTE, 0).load(SHIFT_RIGHT, 4);
    jump(JUMP_EQUAL, 4, "v4", NEXT).jump(JUMP_EQUAL, 6, "v6", REJECT);
  }

  private void tunnelProtocol(String udp) {
    jump(JUMP_EQUAL, IpPacket.IPIP, ACCEPT, NEXT);
    jump(JUMP_EQUAL, IpPacket.IPV6, ACCEPT, NEXT);
    jump(JUMP_EQUAL, IpPacket.GRE, ACCEPT, NEXT);
    jump(JUMP_EQUAL, IpPacket.UDP, udp, REJECT);
  }

  private void oneOf(Collection<Integer> values) {
    int left = values.size();
    for (int value : values) {
      left--;
      jump(JUMP_EQUAL, value, ACCEPT, left == 0 ? REJECT : NEXT);
    }
    if (values.isEmpty()) {
      lines.add(new Line(RETURN, 0, NEXT, NEXT));
    }
  }

  private PacketFilter label(String name) {
    labels.put(name, lines.size());
    return this;
  }

  private PacketFilter load(int code, long operand) {
    lines.add(new Line(code, operand, NEXT, NEXT));
    return this;
  }

  private PacketFilter jump(int code, long operand, String ifTrue, String ifFalse) {
    lines.add(new Line(code, operand, ifTrue, ifFalse));
    return this;
  }

  private List<FilterInstruction> assemble() {
    label(ACCEPT).load(RETURN, WHOLE);
    label(REJECT).load(RETURN, 0);
    boolean[] far = new boolean[lines.size()];
    int[] at = places(far);
    for (int line = farther(far, at); line >= 0; line = farther(far, at)) {
      far[line] = true;
      at = places(far);
    }
    List<FilterInstruction> program = new ArrayList<>();
    for (int i = 0; i < far.length; i++) {
      Line line = lines.get(i);
      if (far[i]) {
        // A comparison jumps over 255 instructions at most, an unconditional jump as far as it
        // must.
        program.add(new FilterInstruction(line.code(), 0, 1, line.operand()));
        program.add(jumpTo(at, i, 1, line.ifTrue()));
        program.add(jumpTo(at, i, 2, line.ifFalse()));
      } else {
        program.add(
            new FilterInstruction(
                line.code(),
                distance(at, i, line.ifTrue()),
                distance(at, i, line.ifFalse()),
                line.operand()));
      }
    }
    return List.copyOf(program);
  }

  /** Where each line's first instruction is. */
  private static int[] places(boolean[] far) {
    int[] at = new int[far.length + 1];
    for (int i = 0; i < far.length; i++) {
      at[i + 1] = at[i] + (far[i] ? 3 : 1);
    }
    return at;
  }

  /** A line that must jump farther than it can; negative if there is none. */
  private int farther(boolean[] far, int[] at) {
    for (int i = 0; i < far.length; i++) {
      Line line = lines.get(i);
      if (!far[i]
          && (distance(at, i, line.ifTrue()) > FARTHEST
              || distance(at, i, line.ifFalse()) > FARTHEST)) {
        return i;
      }
    }
    return -1;
  }

  private FilterInstruction jumpTo(int[] at, int line, int offset, String label) {
    int target = label.isEmpty() ? at[line + 1] : at[target(label)];
    return new FilterInstruction(JUMP, 0, 0, target - at[line] - offset - 1L);
  }

  private int distance(int[] at, int from, String label) {
    return label.isEmpty() ? 0 : at[target(label)] - at[from] - 1;
  }

  private int target(String label) {
    Integer target = labels.get(label);
    if (target == null) {
      throw new IllegalStateException("no label " + label);
    }
    return target;
  }
}
