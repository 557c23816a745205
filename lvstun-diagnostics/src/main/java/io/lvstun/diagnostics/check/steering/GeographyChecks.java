// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.steering;

import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.firewall.IpSet;
import io.lvstun.diagnostics.facts.section.Fact;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.model.Severity;
import io.lvstun.diagnostics.model.Subject;
import io.lvstun.steering.DatabaseMetadata;
import io.lvstun.steering.LoadedTable;
import io.lvstun.steering.LoadedTable.Backend;
import io.lvstun.steering.SteeringReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * GEO: steering clients by their place.
 *
 * @since 0.1.0
 */
public final class GeographyChecks {

  private static final Duration MOST_AGE = Duration.ofDays(30);

  private static final Pattern TABLE = Pattern.compile("table (\\S+ \\S+) \\{.*");
  private static final Pattern COMMENT = Pattern.compile("\\s*comment \"(.*)\".*");

  private GeographyChecks() {}

  public static List<Check> all() {
    return List.of(
        Check.of("GEO-001", "geo-database-fresh")
            .title("The location database is complete and recent")
            .severity(Severity.WARN)
            .on(Role.CLUSTER)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("Clients are sent to the wrong region")
            .why(
                "Networks change hands every day: a database that is months old sends clients"
                    + " abroad; one that was cut off while it was fetched cannot be opened.")
            .remedy("Fetch the database regularly, open it before it replaces the old one.")
            .source("MaxMind DB file format, metadata")
            .examine(GeographyChecks::database),
        Check.of("GEO-002", "geo-tables-loaded")
            .title("The network tables are loaded completely")
            .on(Role.DIRECTOR)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("Loading was aborted; networks at the end of the list are not steered")
            .why(
                "A set of ipset takes maxelem entries, 65536 unless stated; nftables needs memory"
                    + " while it loads, about 1.3 kB an entry. All countries together are some"
                    + " 300000 networks.")
            .remedy("Create the set with a larger maxelem; give the host memory.")
            .source("ipset(8); measured")
            .examine(GeographyChecks::loaded),
        Check.of("GEO-003", "geo-loop-cheap")
            .title("The control loop uses cheap commands")
            .severity(Severity.WARN)
            .on(Role.CLUSTER)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("The control loop keeps a processor busy")
            .why(
                "nft list without -t writes all elements (1.8 s for 100000), and adding or asking"
                    + " for one element of an interval map reads all of them first.")
            .remedy("nft -t list; replace the table as a whole with one nft -f.")
            .source("measured; firewalld issue 1544, nftables-exporter issue 38")
            .examine(GeographyChecks::commands),
        Check.of("GEO-004", "geo-generation-current")
            .title("The kernel has the current generation of the tables")
            .severity(Severity.WARN)
            .on(Role.DIRECTOR)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("Some directors steer by an older map")
            .why(
                "Comparing all elements is as dear as loading them. A generation in the table's"
                    + " comment tells the same at no cost.")
            .remedy("Load the table again; write its generation into the comment.")
            .examine(GeographyChecks::generation));
  }

  private static Optional<SteeringReport> steering(Subject subject) {
    return subject.cluster().statement().get().steering();
  }

  private static final String NOT_STATED = "steering by place is not stated";

  // ---- GEO-001 ----

  private static Finding database(Subject subject) {
    List<DatabaseMetadata> databases =
        steering(subject).map(SteeringReport::databases).orElse(List.of());
    if (databases.isEmpty()) {
      return subject.skip("no database of places is stated");
    }
    Instant now =
        subject.cluster().members().stream()
            .map(member -> member.facts().collectedAt())
            .max(Instant::compareTo)
            .orElse(Instant.EPOCH);
    List<String> wrong = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    for (DatabaseMetadata database : databases) {
      seen.add(
          database.file()
              + " "
              + database.type()
              + database.built().map(built -> ", built " + built).orElse(""));
      if (database.problem().isPresent()) {
        wrong.add(database.file() + ": " + database.problem().get());
      } else if (!database.type().isEmpty()
          && !database.type().toLowerCase(Locale.ROOT).matches(".*(country|city).*")) {
        wrong.add(database.file() + " is of the type " + database.type() + ", not of places");
      } else if (database.built().isEmpty()) {
        wrong.add(database.file() + " does not tell when it was built");
      } else {
        long days = Duration.between(database.built().get(), now).toDays();
        if (days > MOST_AGE.toDays()) {
          wrong.add(database.file() + " is " + days + " days old");
        }
      }
    }
    String evidence = String.join("\n", seen);
    if (wrong.isEmpty()) {
      return subject.pass("the databases are fresh").evidence("metadata", evidence).finding();
    }
    return subject
        .warn(String.join("; ", wrong))
        .expected("a database of countries or cities, at most 30 days old")
        .evidence("metadata", evidence)
        .remedy(
            Remedy.manual(
                "Fetch it again; and see why the job that should do so regularly does not."))
        .finding();
  }

  // ---- GEO-002 ----

  private static Finding loaded(Subject subject) {
    List<LoadedTable> tables = steering(subject).map(SteeringReport::tables).orElse(List.of());
    Fact<List<IpSet>> sets = subject.facts().ipSets();
    if (tables.isEmpty() && sets.known().map(List::isEmpty).orElse(true)) {
      return tables.isEmpty() && sets.known().isEmpty()
          ? subject.error(sets.reason())
          : subject.skip("no set of ipset, and no table of networks is stated");
    }
    List<String> wrong = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    for (IpSet set : sets.known().orElse(List.of())) {
      seen.add(
          set.name()
              + " "
              + set.type()
              + ": "
              + text(set.entries())
              + " entries, maxelem "
              + text(set.limit()));
      if (set.entries().isPresent()
          && set.limit().isPresent()
          && set.entries().getAsLong() >= set.limit().getAsLong()) {
        wrong.add("the set " + set.name() + " is full at " + set.limit().getAsLong() + " entries");
      }
    }
    for (LoadedTable table : tables) {
      if (table.failure().isPresent()) {
        wrong.add("loading " + table.name() + " failed: " + table.failure().get());
      } else if (table.backend() == Backend.IPSET) {
        Optional<IpSet> set = sets.get().stream().filter(one -> is(one, table)).findFirst();
        if (set.isEmpty()) {
          wrong.add("there is no set " + table.name());
        } else if (table.entries().isPresent()
            && set.get().entries().isPresent()
            && set.get().entries().getAsLong() < table.entries().getAsLong()) {
          wrong.add(
              "the set "
                  + table.name()
                  + " has "
                  + set.get().entries().getAsLong()
                  + " of "
                  + table.entries().getAsLong()
                  + " entries");
        }
      } else if (comment(subject.facts(), table.name()).isEmpty()) {
        wrong.add("there is no table " + table.name());
      }
    }
    String evidence = String.join("\n", seen);
    if (wrong.isEmpty()) {
      return subject.pass("the tables are loaded").evidence("ipset list -t", evidence).finding();
    }
    return subject
        .fail(String.join("; ", wrong))
        .expected("all entries loaded")
        .evidence("ipset list -t", evidence)
        .evidenceLines("kernel-log", "maxelem")
        .remedy(
            Remedy.manual(
                "Load into a new set with a larger maxelem and swap the two: ipset create NEW"
                    + " hash:net maxelem 524288, ipset restore, ipset swap. For nftables see"
                    + " whether the host ran out of memory."))
        .finding();
  }

  /** A set has its table's name, with the generation behind it where there is one. */
  private static boolean is(IpSet set, LoadedTable table) {
    return set.name().equals(table.name())
        || (table.generation().isPresent()
            && set.name().startsWith(table.name())
            && set.name().matches(".*[-_.]" + Pattern.quote(table.generation().get())));
  }

  private static String text(java.util.OptionalLong number) {
    return number.isPresent() ? Long.toString(number.getAsLong()) : "?";
  }

  /** A table's comment, empty if it has none; nothing if there is no such table. */
  private static Optional<String> comment(HostFacts facts, String name) {
    String text = facts.text("nft.text").known().orElse("");
    boolean inside = false;
    boolean found = false;
    for (String line : text.lines().toList()) {
      Matcher table = TABLE.matcher(line);
      if (table.matches()) {
        if (found) {
          return Optional.of("");
        }
        inside = table.group(1).equals(name);
        found = inside;
        continue;
      }
      Matcher comment = COMMENT.matcher(line);
      if (inside && line.startsWith("\tcomment ") && comment.matches()) {
        return Optional.of(comment.group(1));
      }
    }
    return found ? Optional.of("") : Optional.empty();
  }

  // ---- GEO-003 ----

  private static Finding commands(Subject subject) {
    List<String> commands = steering(subject).map(SteeringReport::commands).orElse(List.of());
    if (commands.isEmpty()) {
      return subject.skip("the commands of the control loop are not stated");
    }
    List<String> dear = new ArrayList<>();
    for (String command : commands) {
      boolean nft = command.matches("(.*/)?nft .*");
      boolean terse = command.matches(".* (-[a-zA-Z]*t[a-zA-Z]*|--terse)( .*)?");
      if (nft && command.matches(".*\\blist (ruleset|table|map|set)\\b.*") && !terse) {
        dear.add(command + "  (writes all elements: add -t)");
      } else if (nft && command.matches(".*\\b(add|delete|get) element .*")) {
        dear.add(command + "  (reads all elements first: replace the table as a whole)");
      }
    }
    if (dear.isEmpty()) {
      return subject.pass("the commands are cheap").finding();
    }
    return subject
        .warn(dear.size() + " commands of the control loop take longer the more elements there are")
        .expected("nft -t list; one nft -f that replaces the table")
        .evidence("commands", String.join("\n", dear))
        .remedy(Remedy.manual("Replace the commands as said beside them."))
        .finding();
  }

  // ---- GEO-004 ----

  private static Finding generation(Subject subject) {
    Optional<SteeringReport> steering = steering(subject);
    if (steering.isEmpty()) {
      return subject.skip(NOT_STATED);
    }
    List<LoadedTable> tables =
        steering.get().tables().stream().filter(table -> table.generation().isPresent()).toList();
    if (tables.isEmpty()) {
      return subject.skip("no generation of a table is stated");
    }
    List<String> wrong = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    for (LoadedTable table : tables) {
      String wanted = table.generation().orElseThrow();
      if (table.backend() == Backend.NFT) {
        subject.facts().text("nft.json").get();
        Optional<String> comment = comment(subject.facts(), table.name());
        seen.add(table.name() + ": " + comment.map(one -> '"' + one + '"').orElse("no table"));
        boolean current =
            comment
                .filter(
                    one -> one.matches(".*\\bgeneration[ =:]?" + Pattern.quote(wanted) + "\\b.*"))
                .isPresent();
        if (!current) {
          wrong.add("table " + table.name() + " is not of generation " + wanted);
        }
      } else {
        boolean current =
            subject.facts().ipSets().get().stream()
                .anyMatch(set -> !set.name().equals(table.name()) && is(set, table));
        subject.facts().ipSets().get().forEach(set -> seen.add(set.name()));
        if (!current) {
          wrong.add("there is no set " + table.name() + " of generation " + wanted);
        }
      }
    }
    String evidence = String.join("\n", seen);
    if (wrong.isEmpty()) {
      return subject
          .pass("the tables are of the present generation")
          .evidence("packet filter", evidence)
          .finding();
    }
    return subject
        .warn(String.join("; ", wrong))
        .expected("the generation that the control plane states")
        .evidence("packet filter", evidence)
        .remedy(Remedy.manual("Load the table again on this director."))
        .finding();
  }
}
