// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import io.lvstun.AddressFamily;
import io.lvstun.IpAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What {@code nft -f} reads, as one transaction, to make our table steer.
 *
 * <p>A map is named after its content, so one with the same name need not be sent again, and a new
 * one is loaded beside the old one and switched to: elements of a map in use are never edited.
 */
final class NftScript {

  /** The chain that every packet to a steered address passes before IPVS sees it. */
  static final String HOOK = "prerouting";

  /** The same again behind everything else that sets marks, if that is to be overridden. */
  static final String LAST_HOOK = "input";

  private final String table; // with family: inet lvstun_steering
  private final Map<String, Content> maps = new LinkedHashMap<>();
  private final Map<String, List<String>> chains = new LinkedHashMap<>();

  /** What a map holds: numbers of pools, whose marks the steering knows. */
  private record Content(AddressMap addresses, SteeringMap owner) {}

  NftScript(String table, boolean override, List<SteeringMap> steerings, long generation) {
    this.table = table;
    List<String> dispatch = new ArrayList<>();
    int number = 0;
    for (SteeringMap map : steerings) {
      String chain = "steer_" + number++;
      chains.put(chain, rules(map, generation));
      dispatch.addAll(jumps(map.steering(), chain));
    }
    chains.put(HOOK, dispatch);
    if (override) {
      chains.put(LAST_HOOK, dispatch);
    }
  }

  private static List<String> jumps(Steering steering, String chain) {
    String ports =
        steering.ports().stream().map(PortRange::toString).collect(Collectors.joining(", "));
    return List.of(
        family(steering)
            + " daddr "
            + IpAddress.format(steering.address())
            + ' '
            + protocol(steering)
            + " dport { "
            + ports
            + " } jump "
            + chain);
  }

  /** The default first, then the layers from the last to the first: the first rule wins. */
  private List<String> rules(SteeringMap map, long generation) {
    List<String> rules = new ArrayList<>();
    rules.add(setMark(map.mark(0)) + " comment \"lvstun generation " + generation + '"');
    List<Layer> layers = map.layers();
    for (int i = layers.size() - 1; i >= 0; i--) {
      Layer layer = layers.get(i);
      if (layer instanceof Layer.Field field) {
        rules.add(condition(map.steering(), field.match()) + ' ' + setMark(map.mark(field.pool())));
      } else {
        AddressMap addresses = addresses(layer);
        if (addresses.ranges() > 0) {
          String name = name(map, addresses);
          maps.put(name, new Content(addresses, map));
          rules.add("meta mark set " + family(map.steering()) + " saddr map @" + name);
        }
      }
    }
    return rules;
  }

  private static AddressMap addresses(Layer layer) {
    return layer instanceof Layer.Places places ? places.pools() : ((Layer.Listed) layer).pools();
  }

  private static String setMark(long mark) {
    return "meta mark set 0x" + Long.toHexString(mark);
  }

  private static String family(Steering steering) {
    return steering.family() == AddressFamily.IPV4 ? "ip" : "ip6";
  }

  private static String protocol(Steering steering) {
    return steering.protocol().toString().toLowerCase(Locale.ROOT);
  }

  private static String condition(Steering steering, Match match) {
    if (match instanceof Match.SourcePorts ports) {
      return protocol(steering) + " sport " + ports.ports();
    } else if (match instanceof Match.DestinationPorts ports) {
      return protocol(steering) + " dport " + ports.ports();
    } else if (match instanceof Match.Dscp dscp) {
      return family(steering) + " dscp " + dscp.value();
    } else if (match instanceof Match.InboundInterface inbound) {
      return "iifname \"" + inbound.name() + '"';
    } else if (match instanceof Match.Payload payload) {
      return "@ih,"
          + payload.offset() * 8
          + ','
          + payload.hex().length() * 4
          + " 0x"
          + payload.hex();
    }
    throw new IllegalStateException("no condition for " + match);
  }

  /** 64 bits of a digest of the ranges and their marks. */
  private static String name(SteeringMap map, AddressMap addresses) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
    ByteBuffer buffer = ByteBuffer.allocate(40);
    addresses.forEach(
        (first, last, pool) -> {
          buffer.clear();
          buffer
              .putLong(first.high())
              .putLong(first.low())
              .putLong(last.high())
              .putLong(last.low());
          buffer.putLong(map.mark(pool));
          digest.update(buffer.flip());
        });
    return "map_" + HexFormat.of().formatHex(digest.digest(), 0, 8);
  }

  /** How many ranges a kernel that has the given maps still needs. */
  int rangesToSend(Set<String> present) {
    return maps.entrySet().stream()
        .filter(map -> !present.contains(map.getKey()))
        .mapToInt(map -> map.getValue().addresses().ranges())
        .sum();
  }

  Set<String> mapNames() {
    return new LinkedHashSet<>(maps.keySet());
  }

  /**
   * The script.
   *
   * @param presentMaps maps that the table has
   * @param presentChains chains that the table has
   */
  String text(Set<String> presentMaps, Set<String> presentChains) {
    StringBuilder text = new StringBuilder(1024);
    text.append("add table ").append(table).append('\n');
    maps.forEach(
        (name, content) -> {
          if (!presentMaps.contains(name)) {
            appendMap(text, name, content);
          }
        });
    // Rules first, then what they leave unused.
    for (String chain : presentChains) {
      text.append("flush chain ").append(table).append(' ').append(chain).append('\n');
    }
    chains.forEach(
        (chain, rules) -> {
          text.append("add chain ").append(table).append(' ').append(chain);
          if (chain.equals(HOOK)) {
            text.append(" { type filter hook prerouting priority mangle; policy accept; }");
          } else if (chain.equals(LAST_HOOK)) {
            // IPVS takes packets at priority 99 of this hook.
            text.append(" { type filter hook input priority 90; policy accept; }");
          }
          text.append('\n');
        });
    chains.forEach(
        (chain, rules) -> {
          for (String rule : rules) {
            text.append("add rule ").append(table).append(' ').append(chain).append(' ');
            text.append(rule).append('\n');
          }
        });
    for (String chain : presentChains) {
      if (!chains.containsKey(chain)) {
        text.append("delete chain ").append(table).append(' ').append(chain).append('\n');
      }
    }
    for (String map : presentMaps) {
      if (!maps.containsKey(map)) {
        text.append("delete map ").append(table).append(' ').append(map).append('\n');
      }
    }
    return text.toString();
  }

  byte[] bytes(Set<String> presentMaps, Set<String> presentChains) {
    return text(presentMaps, presentChains).getBytes(StandardCharsets.US_ASCII);
  }

  private void appendMap(StringBuilder text, String name, Content content) {
    AddressFamily family = content.addresses().family();
    text.append("add map ").append(table).append(' ').append(name).append(" { type ");
    text.append(family == AddressFamily.IPV4 ? "ipv4_addr" : "ipv6_addr");
    text.append(" : mark; flags interval; }\nadd element ");
    text.append(table).append(' ').append(name).append(" { ");
    int start = text.length();
    content
        .addresses()
        .forEach(
            (first, last, pool) -> {
              if (text.length() > start) {
                text.append(", ");
              }
              text.append(first.text(family));
              if (!first.equals(last)) {
                text.append('-').append(last.text(family));
              }
              text.append(" : 0x").append(Long.toHexString(content.owner().mark(pool)));
            });
    text.append(" }\n");
  }
}
