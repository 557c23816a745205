// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.IpAddress;
import io.lvstun.cluster.Node;
import io.lvstun.cluster.Role;
import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.cli.Runner;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The hosts and services that a command is about, and what is none. */
class TopologyOptionsTest {

  @Test
  void aHostMustBeNamed() {
    Runner.refused("a host is missing", "check");
    Runner.refused("a host is missing", "check", "--vantage", "netns:client");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-oProxyCommand=id",
        "--director",
        "ssh://-oProxyCommand=id",
        "ssh://-l@host",
        "root@-host",
        "netns:-n",
        "netns:../etc",
        "netns:",
        "rs1",
        "a b@c",
        "root@host;id",
        "ssh://host:70000",
        "x=-oProxyCommand=id",
        ""
      })
  void hostsThatLookLikeOptionsOrAreNoneAreRefused(String host) {
    Runner.refused("", "check", "--director", host);
    Runner.refused("", "check", "--director=" + host);
    Runner.refused("", "check", "-d" + host);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"www.example.org:80", "192.168.1.200:99999", "fd00:0:0:0:0:0:0:1:80", "fwmark:x"})
  void servicesThatAreNoneAreRefused(String service) {
    Runner.refused("--vip", "check", "--director", "local", "--vip", service);
  }

  @Test
  void topologyStandsAlone() {
    Runner.refused("--topology stands alone", "check", "--topology", "-", "--director", "local");
  }

  @Test
  void aHostIsNotBothVantageAndServer() {
    Runner.refused("vantage", "check", "-d", "local", "-c", "local", "--no-discovery");
  }

  @Test
  void unreadableTopologyIsRefused(@TempDir Path folder) throws Exception {
    Runner.refused("no such file", "check", "-t", folder.resolve("none").toString());
    Runner.refused("cannot read", "check", "-t", folder.toString());
    Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    Runner.refused("not UTF-8", "check", "-t", binary.toString());
    Path huge = Files.write(folder.resolve("huge"), new byte[(1 << 20) + 1]);
    Runner.refused("longer than 1 MiB", "check", "-t", huge.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "directors: [",
        "directors: local",
        "directors: [local]\nservers: [local]",
        "directors: [{host: local, nmae: x}]",
        "directors: [\"-oProxyCommand=id\"]",
        "a: &a [*a, *a]\ndirectors: *a",
        "directors: !!javax.script.ScriptEngineManager [local]",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
      })
  void brokenYamlIsRefused(String yaml) {
    Runner runner = Runner.run(Map.of(), false, yaml, "check", "--topology", "-");
    assertThat(runner.status()).as(runner.err()).isEqualTo(2);
    assertThat(runner.err()).doesNotContain("\tat ");
  }

  private static Topology topology(String input, String... arguments) {
    TopologyOptions options = Mixee.parse(new TopologyOptions(), arguments);
    return options.topology(
        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), Duration.ofSeconds(1));
  }

  @Test
  void namesStandBeforeHostsAndRolesAddUp() {
    Topology topology =
        topology(
            "",
            "--no-discovery",
            "-d",
            "lb=local",
            "-r",
            "local",
            "-r",
            "rs=ssh://root@192.0.2.7:2222",
            "-c",
            "netns:client",
            "-s",
            "192.0.2.200:80",
            "--vip",
            "udp:[2001:db8::1]:53");
    assertThat(topology.nodes()).extracting(Node::name).containsExactly("lb", "rs", "client");
    assertThat(topology.node("lb").orElseThrow().roles())
        .containsExactlyInAnyOrder(Role.DIRECTOR, Role.REAL_SERVER);
    assertThat(topology.addresses())
        .containsExactlyInAnyOrder(IpAddress.parse("192.0.2.200"), IpAddress.parse("2001:db8::1"));
  }

  @Test
  void fileFromStandardInputNamesThemAll() {
    Topology topology =
        topology("directors: [local]\nrealServers: [\"netns:rs\"]\n", "--topology", "-");
    assertThat(topology.nodes(Role.DIRECTOR)).hasSize(1);
    assertThat(topology.nodes(Role.REAL_SERVER)).hasSize(1);
  }

  @Test
  void nothingGivenIsNotGiven() {
    assertThat(Mixee.parse(new TopologyOptions()).given()).isFalse();
    for (String option : List.of("-d", "-r", "-c", "-s", "-t")) {
      assertThat(Mixee.parse(new TopologyOptions(), option, "x").given()).as(option).isTrue();
    }
  }

  @Test
  void thisHostIsMeantWhereARoleIsNamedAndNoHost() {
    TopologyOptions options = Mixee.parse(new TopologyOptions());
    Topology topology = options.stated(InputStream.nullInputStream(), Role.REAL_SERVER);
    assertThat(topology.nodes(Role.REAL_SERVER)).hasSize(1);
    assertThat(topology.nodes(Role.DIRECTOR)).isEmpty();
    assertThatThrownBy(
            () -> Mixee.parse(new TopologyOptions()).stated(InputStream.nullInputStream(), null))
        .isInstanceOf(CommandLine.ParameterException.class)
        .hasMessageContaining("a host is missing");
  }
}
