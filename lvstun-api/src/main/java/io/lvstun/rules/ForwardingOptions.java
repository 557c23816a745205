// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import static io.lvstun.rules.Token.error;

import io.lvstun.Encapsulation;
import io.lvstun.Forwarding;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What {@code -g}, {@code -i}, {@code -m} and the options of tunnels say. */
final class ForwardingOptions {

  private final Map<Option, Token> words;
  private final Token end;

  /**
   * Takes the options of a line.
   *
   * @param words the options and their values
   * @param end the end of the line
   */
  ForwardingOptions(Map<Option, Token> words, Token end) {
    this.words = words;
    this.end = end;
  }

  Forwarding read() {
    if (words.containsKey(Option.IPIP)) {
      Encapsulation encapsulation = encapsulation();
      return encapsulation.equals(Encapsulation.ipip())
          ? Forwarding.TUNNEL
          : new Forwarding.Tunnel(encapsulation);
    }
    for (Option option :
        List.of(
            Option.TUNNEL_TYPE,
            Option.TUNNEL_PORT,
            Option.TUNNEL_NO_CHECKSUM,
            Option.TUNNEL_CHECKSUM,
            Option.TUNNEL_REMOTE_CHECKSUM)) {
      Token word = words.get(option);
      if (word != null) {
        throw error(word, "-i (--ipip) with options of a tunnel");
      }
    }
    return words.containsKey(Option.MASQUERADING)
        ? Forwarding.MASQUERADE
        : Forwarding.DIRECT_ROUTING;
  }

  private Encapsulation encapsulation() {
    Token type = words.get(Option.TUNNEL_TYPE);
    String name = type == null ? "ipip" : type.text();
    return switch (name) {
      case "ipip" -> {
        forbid(name, Option.TUNNEL_PORT, Option.TUNNEL_NO_CHECKSUM);
        forbid(name, Option.TUNNEL_CHECKSUM, Option.TUNNEL_REMOTE_CHECKSUM);
        yield Encapsulation.ipip();
      }
      case "gue" -> {
        Token portWord = words.get(Option.TUNNEL_PORT);
        if (portWord == null) {
          throw error(end, "--tun-port for the tunnel type gue");
        }
        int tunnelPort = Operands.number(portWord, "a port", 1, 65535);
        yield new Encapsulation(Encapsulation.TYPE_GUE, tunnelPort, checksum());
      }
      case "gre" -> {
        forbid(name, Option.TUNNEL_PORT, Option.TUNNEL_REMOTE_CHECKSUM);
        yield new Encapsulation(Encapsulation.TYPE_GRE, 0, checksum());
      }
      default -> throw error(Objects.requireNonNull(type), "the tunnel type ipip, gue or gre");
    };
  }

  private void forbid(String type, Option... options) {
    for (Option option : options) {
      Token word = words.get(option);
      if (word != null) {
        throw error(word, "no " + option + " for the tunnel type " + type);
      }
    }
  }

  private int checksum() {
    Token no = words.get(Option.TUNNEL_NO_CHECKSUM);
    Token yes = words.get(Option.TUNNEL_CHECKSUM);
    Token remote = words.get(Option.TUNNEL_REMOTE_CHECKSUM);
    if ((no == null ? 0 : 1) + (yes == null ? 0 : 1) + (remote == null ? 0 : 1) > 1) {
      throw error(
          Objects.requireNonNull(remote != null ? remote : yes),
          "one of --tun-nocsum, --tun-csum and --tun-remcsum");
    }
    return yes != null
        ? Encapsulation.FLAG_CHECKSUM
        : remote != null ? Encapsulation.FLAG_REMOTE_CHECKSUM : 0;
  }
}
