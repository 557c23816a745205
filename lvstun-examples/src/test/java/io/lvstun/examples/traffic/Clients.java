// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.traffic;

import io.lvstun.examples.lab.CommandResult;
import io.lvstun.examples.lab.LabHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Clients that the lab's own do not cover: with a source address of choice, over UDP, over SCTP.
 */
final class Clients {

  static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final String UDP =
      """
      use IO::Socket::IP;
      my ($address, $port, $count) = @ARGV;
      my $socket = IO::Socket::IP->new(Proto => 'udp', PeerAddr => $address, PeerPort => $port)
          or die "socket: $@\\n";
      $SIG{ALRM} = sub { die "no answer\\n" };
      for my $number (1 .. $count) {
          $socket->send("datagram $number") or die "send: $!\\n";
          alarm 15;
          defined $socket->recv(my $answer, 1500) or die "receive: $!\\n";
          alarm 0;
          print "$answer\\n";
      }
      """;

  private static final String SCTP_SERVER =
      """
      use Socket;
      my ($name, $address, $port) = @ARGV;
      socket(my $listener, AF_INET, SOCK_STREAM, 132) or die "socket: $!\\n";
      bind($listener, pack_sockaddr_in($port, inet_aton($address))) or die "bind: $!\\n";
      listen($listener, 16) or die "listen: $!\\n";
      $| = 1;
      print "ready\\n";
      while (accept(my $connection, $listener)) {
          syswrite($connection, "$name\\n");
          sysread($connection, my $end, 1);
          close $connection;
      }
      """;

  private static final String SCTP_CLIENT =
      """
      use Socket;
      my ($own, $address, $port) = @ARGV;
      socket(my $connection, AF_INET, SOCK_STREAM, 132) or die "socket: $!\\n";
      bind($connection, pack_sockaddr_in(0, inet_aton($own))) or die "bind: $!\\n";
      $SIG{ALRM} = sub { die "no answer\\n" };
      alarm 20;
      connect($connection, pack_sockaddr_in($port, inet_aton($address))) or die "connect: $!\\n";
      sysread($connection, my $answer, 100) or die "receive: $!\\n";
      print $answer;
      """;

  private Clients() {}

  /** One HTTP request from an address of the client's; returns the name of the server. */
  static String get(LabHost client, String source, String url) {
    return client
        .run("curl", "-s", "-S", "-g", "--max-time", "30", "--interface", source, url)
        .strip();
  }

  /** Datagrams from one port; returns the names of the servers that answered. */
  static List<String> udp(LabHost client, String address, int port, int count) {
    return perl(client, UDP, address, Integer.toString(port), Integer.toString(count))
        .lines()
        .stream()
        .map(answer -> answer.split(" ", 2)[0])
        .toList();
  }

  /** An SCTP server that tells its name. */
  static List<String> sctpServer(String name, String address, int port) {
    return command(SCTP_SERVER, name, address, Integer.toString(port));
  }

  /** Asks an SCTP server for its name, over a new association. */
  static String sctp(LabHost client, String address, int port) {
    return perl(client, SCTP_CLIENT, client.address(), address, Integer.toString(port))
        .output()
        .strip();
  }

  private static CommandResult perl(LabHost host, String script, String... arguments) {
    return host.exec(PATIENCE.multipliedBy(2), command(script, arguments)).orThrow();
  }

  private static List<String> command(String script, String... arguments) {
    List<String> command = new ArrayList<>(List.of("perl", "-e", script));
    command.addAll(Arrays.asList(arguments));
    return command;
  }
}
