// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.lvstun.cluster.Role;
import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Evidence;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.model.Status;
import io.lvstun.diagnostics.report.ReportFormat;
import io.lvstun.host.Host;
import io.lvstun.host.SetLinkUp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The HTML page of a report, in a real browser on a screen as wide as a phone's. */
class HtmlReportBrowserIT {

  private static final int PHONE = 390;
  private static final String HOSTILE =
      "</pre></style></details><script>window.hacked=1</script><img src=x onerror=window.hacked=2>"
          + "<style>body{display:none}</style>"
          + "x".repeat(300);

  @TempDir private Path folder;

  private static boolean underCi() {
    String ci = System.getenv("CI");
    return ci != null && !ci.isEmpty() && !ci.equals("false");
  }

  private static Report report() {
    Topology.Builder builder =
        Topology.builder()
            .director("director", Host.netns("director"))
            .vantage("client", Host.netns("client"))
            .service("192.168.1.200:80");
    for (int i = 1; i <= 8; i++) {
      builder.realServer(
          "real-server-with-a-long-name-" + i, Host.netns("rs" + i), "192.168.2.10" + i);
    }
    Topology topology = builder.build();
    Cluster cluster =
        Cluster.of(
            topology,
            topology.nodes().stream()
                .map(
                    node ->
                        new Member(
                            node,
                            HostFacts.of(
                                node.host().specification(),
                                Instant.EPOCH,
                                Duration.ofSeconds(1),
                                1,
                                List.of())))
                .toList());
    List<Finding> findings = new ArrayList<>();
    for (Status status : Status.values()) {
      findings.add(
          finding(status, "TUN-00" + (status.ordinal() + 1), "real-server-with-a-long-name-2"));
    }
    return new Report(
        cluster, findings, Instant.EPOCH, Duration.ofSeconds(3), Duration.ofMillis(2));
  }

  private static Finding finding(Status status, String code, String host) {
    Check check =
        Check.of(code, "slug-" + status.ordinal())
            .title("Title " + HOSTILE)
            .on(Role.REAL_SERVER)
            .symptom(HOSTILE)
            .why("Why " + HOSTILE)
            .remedy(HOSTILE)
            .examine(subject -> subject.skip("never"));
    return new Finding(
        check,
        status,
        host,
        "observed " + HOSTILE,
        "expected " + HOSTILE,
        List.of(new Evidence("ip link", HOSTILE + "\n" + HOSTILE)),
        Optional.of(
            Remedy.of("Do this. " + HOSTILE, new SetLinkUp("tunl0"))
                .lasting("/etc/network/interfaces", "auto " + HOSTILE)),
        List.of(),
        List.of(),
        status == Status.FAIL,
        false,
        Duration.ofMillis(1));
  }

  @Test
  void pageIsReadOnAPhone() throws Exception {
    Optional<Path> program = Browser.program();
    if (underCi()) {
      assertThat(program).as("under CI there must be Chromium: lab setup --tests").isPresent();
    }
    assumeThat(program)
        .as("no Chromium here; lvstun-examples/lab/lab setup --tests installs it")
        .isPresent();
    Path page = Files.writeString(folder.resolve("report.html"), ReportFormat.HTML.write(report()));

    try (Browser browser =
        Browser.start(program.orElseThrow(), Files.createDirectory(folder.resolve("profile")))) {
      browser.show(page, PHONE);

      assertThat(
              browser
                  .evaluate("getComputedStyle(document.querySelector('details')).borderTopStyle")
                  .asString())
          .as("the policy lets the page's own style through")
          .isEqualTo("solid");
      assertNothingOverflows(browser);

      // What is drawn.
      JsonNode picture =
          browser.evaluate(
              "(r=>[r.left,r.right,r.height])(document.querySelector('svg').getBoundingClientRect())");
      assertThat(picture.path(0).asDouble()).isGreaterThanOrEqualTo(0);
      assertThat(picture.path(1).asDouble()).isBetween(300.0, (double) PHONE);
      assertThat(picture.path(2).asDouble()).isGreaterThan(300);
      assertThat(browser.evaluate("document.querySelectorAll('svg rect').length").asInt())
          .isEqualTo(10);
      String red =
          browser
              .evaluate("getComputedStyle(document.querySelector('svg path.broken')).stroke")
              .asString();
      String[] parts = red.replaceAll("[^0-9,]", "").split(",");
      assertThat(Integer.parseInt(parts[0])).as(red).isGreaterThan(2 * Integer.parseInt(parts[1]));
      assertThat(browser.evaluate("document.querySelectorAll('svg path.broken').length").asInt())
          .isEqualTo(1);

      // What unfolds: root causes are open, the others open at a touch.
      assertThat(browser.evaluate("document.querySelectorAll('details').length").asInt())
          .isEqualTo(Status.values().length);
      assertThat(browser.evaluate("document.querySelectorAll('details[open]').length").asInt())
          .isEqualTo(1);
      assertThat(
              browser
                  .evaluate(
                      "[...document.querySelectorAll('summary')].every(s=>s.getBoundingClientRect().height>=44)")
                  .asBoolean())
          .as("wide enough for a thumb")
          .isTrue();
      int folded = browser.evaluate("document.documentElement.scrollHeight").asInt();
      var unused =
          browser.evaluate(
              "document.querySelectorAll('details:not([open]) summary').forEach(s=>s.click())");
      assertThat(browser.evaluate("document.querySelectorAll('details[open]').length").asInt())
          .isEqualTo(Status.values().length);
      assertThat(browser.evaluate("document.documentElement.scrollHeight").asInt())
          .isGreaterThan(folded);
      assertNothingOverflows(browser);
      assertThat(browser.evaluate("document.body.innerText").asString())
          .contains("ip link set dev tunl0 up", "Why <", "<script>window.hacked=1</script>");
      assertThat(
              browser.evaluate("parseFloat(getComputedStyle(document.body).fontSize)").asDouble())
          .isGreaterThanOrEqualTo(16);

      // What a hostile host cannot do.
      assertThat(browser.evaluate("typeof window.hacked").asString()).isEqualTo("undefined");
      assertThat(
              browser
                  .evaluate("document.querySelectorAll('script,img,iframe,link,object').length")
                  .asInt())
          .isZero();
      assertThat(browser.evaluate("document.querySelectorAll('style').length").asInt())
          .isEqualTo(1);
      assertThat(browser.events("Network.requestWillBeSent"))
          .allMatch(
              event ->
                  event
                      .path("params")
                      .path("request")
                      .path("url")
                      .asString()
                      .equals(page.toUri().toString()));
      assertThat(browser.events("Log.entryAdded")).as("the browser complains of nothing").isEmpty();

      JsonNode picked =
          browser.command(
              "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
      Path shot = Path.of("target", "report-on-a-phone.png");
      Files.createDirectories(shot.toAbsolutePath().getParent());
      Files.write(shot, Base64.getDecoder().decode(picked.path("data").asString()));
      assertThat(Files.size(shot)).isGreaterThan(10_000);
    }
  }

  private static void assertNothingOverflows(Browser browser) throws Exception {
    assertThat(browser.evaluate("window.innerWidth").asInt()).isEqualTo(PHONE);
    assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
        .as("nothing sticks out to the side")
        .isLessThanOrEqualTo(PHONE);
  }
}
