// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics;

import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.host.CommandResult;
import io.lvstun.host.Host;
import io.lvstun.host.HostCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** One director and 50 real servers, all healthy, that answer with what was recorded of others. */
public final class LargeCluster {

  public static final int SERVERS = 50;

  private LargeCluster() {}

  private static String address(int server) {
    return "192.168.1." + (101 + server);
  }

  /** A host whose output is known, and that counts how often it is asked. */
  public static final class RecordedHost implements Host {

    private final String name;
    private final String output;
    private final String routes;
    private final AtomicInteger runs = new AtomicInteger();

    RecordedHost(String name, String output) {
      this.name = name;
      this.output = output;
      int begin = output.indexOf("\nMARK B route-to");
      int end = output.indexOf("\nMARK R ", begin);
      this.routes = output.substring(begin, output.indexOf('\n', end + 1)) + "\nMARK END\n";
    }

    int runs() {
      return runs.get();
    }

    @Override
    public String specification() {
      return "recorded:" + name;
    }

    @Override
    public String label() {
      return name;
    }

    @Override
    public CommandResult run(HostCommand command) {
      runs.incrementAndGet();
      List<String> arguments = command.arguments();
      int marker = arguments.indexOf("lvstun") + 1;
      boolean all = arguments.get(marker + 1).equals("all");
      return new CommandResult(
          0,
          (all ? output : routes).replace("MARK", arguments.get(marker)),
          "",
          false,
          false,
          Duration.ofMillis(1));
    }
  }

  public static List<RecordedHost> hosts() {
    List<RecordedHost> hosts = new ArrayList<>();
    hosts.add(new RecordedHost("director", director()));
    for (int server = 0; server < SERVERS; server++) {
      String text =
          Recorded.output("json-rs1")
              .replace("192.168.1.101", address(server))
              .replace("C0A80165", hexadecimal(server));
      hosts.add(new RecordedHost("rs" + (server + 1), text));
    }
    return hosts;
  }

  public static Topology topology(List<RecordedHost> hosts) {
    Topology.Builder topology = Topology.builder().director(hosts.get(0));
    hosts.subList(1, hosts.size()).forEach(topology::realServer);
    return topology.build();
  }

  private static String hexadecimal(int server) {
    return "C0A801" + Integer.toHexString(101 + server).toUpperCase(java.util.Locale.ROOT);
  }

  /** The recorded director, with 50 servers in its table and routes to all of them. */
  private static String director() {
    StringBuilder table =
        new StringBuilder(
            """
            /proc/net/ip_vs:IP Virtual Server version 1.2.1 (size=4096)
            /proc/net/ip_vs:Prot LocalAddress:Port Scheduler Flags
            /proc/net/ip_vs:  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
            /proc/net/ip_vs:TCP  C0A801C8:0050 wrr
            """);
    StringBuilder saved = new StringBuilder("-A -t 192.168.1.200:80 -s wrr\n");
    StringBuilder connections = new StringBuilder();
    StringBuilder routes =
        new StringBuilder(
            """
            ## 192.168.1.200
            [{"type":"local","dst":"192.168.1.200","dev":"lo","prefsrc":"192.168.1.200"}]
            """);
    for (int server = 0; server < SERVERS; server++) {
      String address = address(server);
      String hexadecimal = hexadecimal(server);
      table
          .append("/proc/net/ip_vs:  -> ")
          .append(hexadecimal)
          .append(":0050      Tunnel  1      0          2\n");
      saved
          .append("-a -t 192.168.1.200:80 -r ")
          .append(address)
          .append(":80 -i -w 1 --tun-type ipip\n");
      connections.append("2 TCP C0A801C8 0050 ").append(hexadecimal).append(" 0050 ESTABLISHED\n");
      routes
          .append("\n## ")
          .append(address)
          .append("\n[{\"dst\":\"")
          .append(address)
          .append("\",\"dev\":\"eth0\",\"prefsrc\":\"192.168.1.100\"}]\n");
    }
    String text = Recorded.output("json-director");
    text = section(text, "ipvs", table);
    text = section(text, "ipvs-save", saved);
    text = section(text, "ipvs-connections", connections);
    text = section(text, "ipvs-thresholds", "");
    return section(text, "route-to", routes);
  }

  /** The output with another text in one section. */
  private static String section(String output, String name, CharSequence text) {
    int begin = output.indexOf("\nMARK B " + name + " ");
    int body = output.indexOf('\n', begin + 1) + 1;
    int end = output.indexOf("\nMARK R ", body);
    return output.substring(0, body) + text + output.substring(end);
  }
}
