// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused before any host is spoken to, and with which exit status. */
class UsageTest {

  private static void refused(String reason, String... arguments) {
    Runner runner = Runner.run(arguments);
    assertThat(runner.status()).as(runner.out() + runner.err()).isEqualTo(2);
    assertThat(runner.out()).isEmpty();
    assertThat(runner.err()).contains(reason).contains("--help").doesNotContain("\tat ");
  }

  @Test
  void aCommandMustBeNamed() {
    refused("a command is missing");
    refused("chek", "chek");
  }

  @Test
  void aHostMustBeNamed() {
    refused("a host is missing", "check");
    refused("a host is missing", "check", "--vantage", "netns:client");
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
    refused("", "check", "--director", host);
    refused("", "check", "--director=" + host);
    refused("", "check", "-d" + host);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"www.example.org:80", "192.168.1.200:99999", "fd00:0:0:0:0:0:0:1:80", "fwmark:x"})
  void servicesThatAreNoneAreRefused(String service) {
    refused("--vip", "check", "--director", "local", "--vip", service);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--only=RPF-999",
        "--skip=NOPE",
        "--host=nobody",
        "--role=king",
        "--min-severity=bad",
        "--fail-on=sometimes",
        "--output=yaml",
        "--output-file=/nonexistent/folder/report",
        "--output-file=/tmp",
        "--sample=11m",
        "--sample=-1s",
        "--deadline=1ms",
        "--parallel=0",
        "--connect-timeout=0s",
        "--wait=soon",
        "--nonsense"
      })
  void optionsOutOfRangeAreRefused(String option) {
    refused(
        option.substring(0, option.contains("=") ? option.indexOf('=') : option.length()),
        "check",
        "--director",
        "local",
        "--no-discovery",
        option);
  }

  @Test
  void topologyStandsAlone() {
    refused("--topology stands alone", "check", "--topology", "-", "--director", "local");
  }

  @Test
  void aHostIsNotBothVantageAndServer() {
    refused("vantage", "check", "-d", "local", "-c", "local", "--no-discovery");
  }

  @Test
  void unreadableTopologyIsRefused(@TempDir Path folder) throws Exception {
    refused("no such file", "check", "-t", folder.resolve("none").toString());
    refused("cannot read", "check", "-t", folder.toString());
    Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    refused("not UTF-8", "check", "-t", binary.toString());
    Path huge = Files.write(folder.resolve("huge"), new byte[(1 << 20) + 1]);
    refused("longer than 1 MiB", "check", "-t", huge.toString());
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

  @Test
  void messagesDoNotSteerTheTerminal() {
    Runner runner = Runner.run("check", "--director", "\u001b]0;title\u0007\u001b[31mx");
    assertThat(runner.status()).isEqualTo(2);
    assertThat(runner.err()).doesNotContain("\u001b").doesNotContain("\u0007");
  }

  @Test
  void helpAndVersionAreNoErrors() {
    assertThat(Runner.run("--version").out()).startsWith("lvstun-doctor ");
    assertThat(Runner.run("--help").out()).contains("check", "Exit status", "usage".substring(1));
    Runner help = Runner.run("check", "--help");
    assertThat(help.status()).isZero();
    assertThat(help.out()).contains("--director", "--topology", "--vip", "--output");
  }
}
