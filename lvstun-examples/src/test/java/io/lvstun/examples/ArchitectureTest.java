// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SliceRule;
import io.lvstun.spi.IpvsDriver;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The arrows between the modules and packages, and what each may use of the world outside. */
class ArchitectureTest {

  private static final String[] DRIVERS = {
    "io.lvstun.memory..", "io.lvstun.ipvsadm..", "io.lvstun.netlink.."
  };

  /** An arrow that closes a cycle and stays, with its reason. */
  private record Kept(String from, String to, String reason) {}

  private static final List<Kept> KEPT =
      List.of(
          new Kept(
              "io.lvstun",
              "io.lvstun.spi",
              "Director opens drivers through the SPI, whose methods take and return the values"),
          new Kept(
              "io.lvstun",
              "io.lvstun.rules",
              "Director prints, saves and restores in the text of ipvsadm, which is made of"
                  + " values"),
          new Kept(
              "io.lvstun",
              "io.lvstun.state",
              "Director returns states, and a state holds the values that it is the state of"));

  private static JavaClasses production;

  @BeforeAll
  static void importProductionClasses() {
    production =
        new ClassFileImporter()
            .importLocations(Modules.ALL.stream().map(Modules::classes).map(Location::of).toList());
  }

  @Test
  void everyModuleIsLookedAt() {
    for (String module : new String[] {"", ".netlink", ".diagnostics", ".examples"}) {
      assertThat(production.stream().map(JavaClass::getPackageName))
          .as("packages that were imported")
          .contains("io.lvstun" + module);
    }
  }

  @Test
  void apiKnowsNoOtherModule() {
    check(
        noClasses()
            .that(areOfTheApi())
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(
                    "io.lvstun.netlink..", "io.lvstun.diagnostics..", "io.lvstun.examples..")));
  }

  @Test
  void netlinkKnowsTheApiAlone() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.lvstun.netlink..")
            .should()
            .dependOnClassesThat(
                resideInAnyPackage("io.lvstun.diagnostics..", "io.lvstun.examples..")));
  }

  @Test
  void diagnosticsKnowsTheApiAlone() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.lvstun.diagnostics..")
            .should()
            .dependOnClassesThat(
                resideInAnyPackage("io.lvstun.netlink..", "io.lvstun.examples..")));
  }

  @Test
  void valuesAndSpiKnowNoDriver() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(
                "io.lvstun", "io.lvstun.state..", "io.lvstun.spi..", "io.lvstun.metrics..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(DRIVERS)));
  }

  @Test
  void rulesKnowTheTablesInMemoryAlone() {
    // A rules file is a program: it is run on tables in memory to learn what it makes.
    check(
        noClasses()
            .that()
            .resideInAPackage("io.lvstun.rules..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.lvstun.ipvsadm..", "io.lvstun.netlink..")));
  }

  @Test
  void driversDoNotKnowEachOther() {
    for (String driver : DRIVERS) {
      check(
          noClasses()
              .that()
              .resideInAPackage(driver)
              .should()
              .dependOnClassesThat(resideInAnyPackage(DRIVERS).and(not(resideInAPackage(driver)))));
    }
  }

  @Test
  void keptCyclesHaveAReason() {
    assertThat(KEPT).allSatisfy(kept -> assertThat(kept.reason()).isNotBlank());
  }

  @Test
  void usersSignaturesMentionTheDriverAloneOfTheSpi() {
    // But for the driver itself: whoever has made one hands it over.
    check(
        methods()
            .that()
            .arePublic()
            .and()
            .areDeclaredInClassesThat()
            .resideInAnyPackage(
                "io.lvstun",
                "io.lvstun.state",
                "io.lvstun.rules",
                "io.lvstun.network",
                "io.lvstun.metrics")
            .should(mentionTheDriverAloneOfTheSpi()));
  }

  @Test
  void observedStateKnowsValuesAlone() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.lvstun.state..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.lvstun.spi..", "io.lvstun.rules..")));
  }

  @Test
  void netlinkIsBuiltInLayers() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.lvstun.netlink.message..")
            .should()
            .dependOnClassesThat(
                resideInAPackage("io.lvstun.netlink..")
                    .and(not(resideInAPackage("io.lvstun.netlink.message..")))));
    check(
        noClasses()
            .that()
            .resideInAPackage("io.lvstun.netlink.socket..")
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(
                    "io.lvstun.netlink",
                    "io.lvstun.netlink.generic..",
                    "io.lvstun.netlink.ipvs..",
                    "io.lvstun.netlink.route..")));
    check(
        noClasses()
            .that()
            .resideInAPackage("io.lvstun.netlink.generic..")
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(
                    "io.lvstun.netlink", "io.lvstun.netlink.ipvs..", "io.lvstun.netlink.route..")));
    check(
        noClasses()
            .that()
            .resideInAPackage("io.lvstun.netlink.route..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.lvstun.netlink.ipvs..")));
    check(
        noClasses()
            .that()
            .resideInAPackage("io.lvstun.netlink.ipvs..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.lvstun.netlink.route..")));
  }

  @Test
  void packagesOfAModuleFormNoCycle() {
    checkCycles("packages of the api", areOfTheApi());
    checkCycles("packages of netlink", resideInAPackage("io.lvstun.netlink.."));
    checkCycles("packages of diagnostics", resideInAPackage("io.lvstun.diagnostics.."));
    checkCycles("packages of the examples", resideInAPackage("io.lvstun.examples.."));
  }

  private static void checkCycles(String what, DescribedPredicate<JavaClass> module) {
    SliceRule rule = slices().assignedFrom(eachPackage(what, module)).should().beFreeOfCycles();
    for (Kept kept : KEPT) {
      rule = rule.ignoreDependency(resideInAPackage(kept.from()), resideInAPackage(kept.to()));
    }
    check(rule);
  }

  private static SliceAssignment eachPackage(String what, DescribedPredicate<JavaClass> module) {
    return new SliceAssignment() {
      @Override
      public SliceIdentifier getIdentifierOf(JavaClass type) {
        return module.test(type)
            ? SliceIdentifier.of(type.getPackageName())
            : SliceIdentifier.ignore();
      }

      @Override
      public String getDescription() {
        return what;
      }
    };
  }

  @Test
  void nativeCodeIsCalledByTheSocketLayerAlone() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.lvstun.netlink.socket..")
            .should()
            .dependOnClassesThat(resideInAPackage("com.sun.jna..")));
  }

  @Test
  void eachLibraryHasItsPlace() {
    check(onlyIn("org.apache.commons.exec..", "io.lvstun.host.process"));
    check(
        onlyIn(
            "io.micrometer..",
            "io.lvstun.metrics..",
            "io.lvstun.diagnostics",
            "io.lvstun.examples"));
    check(onlyIn("picocli..", "io.lvstun.diagnostics.cli..", "io.lvstun.examples.."));
    check(onlyIn("tools.jackson..", "io.lvstun.diagnostics..", "io.lvstun.examples.."));
    check(onlyIn("org.snakeyaml..", "io.lvstun.cluster.."));
  }

  @Test
  void checksArePure() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.lvstun.diagnostics.check..")
            .should()
            .dependOnClassesThat(
                resideInAnyPackage("java.nio.file..", "java.util.concurrent..", "java.net.http..")
                    .or(
                        DescribedPredicate.describe(
                            "reach outside the JVM",
                            type ->
                                type.isEquivalentTo(ProcessBuilder.class)
                                    || type.isEquivalentTo(Runtime.class)
                                    || type.isEquivalentTo(Thread.class)
                                    || type.isEquivalentTo(java.io.File.class)
                                    || type.isEquivalentTo(java.net.Socket.class)))));
  }

  @Test
  void coreOfTheControllerIsPure() {
    String hands =
        "(Controller|Loop|LoadWeights|Inbox|Audience|History|Transition|RollingRestart|RestartAction|TableIdentity|.*Store)";
    check(
        noClasses()
            .that()
            .resideInAPackage("io.lvstun.control")
            .and()
            .haveNameNotMatching("io\\.lvstun\\.control\\." + hands + "(\\$.*)?")
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(
                        "java.io..",
                        "java.nio.file..",
                        "java.nio.channels..",
                        "java.util.concurrent..",
                        "io.lvstun.memory..",
                        "io.lvstun.ipvsadm..")
                    .or(
                        DescribedPredicate.describe(
                            "act, wait or tell the time",
                            type ->
                                type.isEquivalentTo(Thread.class)
                                    || type.isEquivalentTo(Runtime.class)
                                    || type.isEquivalentTo(ProcessBuilder.class)
                                    || type.isEquivalentTo(java.time.Clock.class)
                                    || type.isEquivalentTo(java.util.Random.class)
                                    || type.isEquivalentTo(io.lvstun.Director.class))))
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(java.time.Instant.class, "now"));
  }

  @Test
  void nobodyAsksTheNameService() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.lvstun.examples..")
            .should()
            .callMethod(InetAddress.class, "getByName", String.class)
            .orShould()
            .callMethod(InetAddress.class, "getAllByName", String.class)
            .orShould()
            .callMethod(InetAddress.class, "getLocalHost"));
  }

  @Test
  void onlyRunnersWriteToTheConsole() {
    ArchRule rule =
        noClasses()
            .that()
            .resideOutsideOfPackages("io.lvstun.diagnostics.cli..", "io.lvstun.examples..")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethodWhere(
                DescribedPredicate.describe(
                    "it prints a stack trace",
                    call ->
                        call.getTarget().getName().equals("printStackTrace")
                            && call.getTarget().getRawParameterTypes().isEmpty()))
            .orShould()
            .callMethod(System.class, "setOut", PrintStream.class);
    check(rule);
  }

  @Test
  void loggingGoesThroughSystemLogger() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(
                    "java.util.logging..",
                    "org.slf4j..",
                    "org.apache.logging..",
                    "org.apache.commons.logging..")));
  }

  /** Not yet of netlink. The examples are run, each by a test of its own kind. */
  @ParameterizedTest
  @ValueSource(strings = {"lvstun-api", "lvstun-diagnostics"})
  void nineOfTenClassesOverFortyLinesHaveATestOfTheirName(String module) throws IOException {
    Path tests = Modules.tests(module);
    List<String> missing = new ArrayList<>();
    int classes = 0;
    for (Path file : Modules.sourceFiles(module)) {
      String name = file.getFileName().toString();
      boolean describes = name.equals("package-info.java") || name.equals("module-info.java");
      if (!describes && Files.readAllLines(file).size() > 40) {
        classes++;
        Path type = Modules.sources(module).relativize(file);
        if (!Files.exists(tests.resolve(type.toString().replace(".java", "Test.java")))) {
          missing.add(type.toString());
        }
      }
    }
    assertThat(missing.size() * 10)
        .as(
            "of %d classes of %s over 40 lines, without a test beside: %s",
            classes, module, missing)
        .isLessThanOrEqualTo(classes);
  }

  @Test
  void nothingIsCalledJunk() {
    check(
        noClasses()
            .should()
            .haveNameMatching(".*(Utils?|Helpers?|Managers?|Commons?|Impl|Misc)(\\$.*)?"));
    check(
        noClasses()
            .should()
            .resideInAnyPackage("..util..", "..utils..", "..common..", "..helper..", "..misc.."));
  }

  @Test
  void accessorsHaveNoPrefix() {
    check(
        methods()
            .that()
            .arePublic()
            .and()
            .areDeclaredInClassesThat()
            .arePublic()
            .and()
            .areDeclaredInClassesThat()
            .resideInAnyPackage("io.lvstun", "io.lvstun.state", "io.lvstun.spi", "io.lvstun.rules")
            .and()
            .haveRawParameterTypes(new Class<?>[0])
            .should(notStartWithGet()));
  }

  @Test
  void everyPackageIsNullMarked() {
    check(classes().should(resideInANullMarkedPackage()));
  }

  private static void check(ArchRule rule) {
    // A rule about a package that holds no class yet is no failure.
    rule.allowEmptyShould(true).check(production);
  }

  private static DescribedPredicate<JavaClass> areOfTheApi() {
    return resideInAPackage("io.lvstun..")
        .and(
            not(
                resideInAnyPackage(
                    "io.lvstun.netlink..", "io.lvstun.diagnostics..", "io.lvstun.examples..")))
        .as("are of the api");
  }

  private static ArchRule onlyIn(String library, String... places) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(places)
        .should()
        .dependOnClassesThat(resideInAPackage(library));
  }

  private static ArchCondition<JavaMethod> notStartWithGet() {
    return new ArchCondition<>("be named without get") {
      @Override
      public void check(JavaMethod method, ConditionEvents events) {
        boolean overrides =
            method.getOwner().getAllRawSuperclasses().stream()
                .anyMatch(parent -> parent.tryGetMethod(method.getName()).isPresent());
        if (!overrides && method.getName().matches("get[A-Z].*")) {
          events.add(
              SimpleConditionEvent.violated(
                  method, method.getFullName() + " should be named without get"));
        }
      }
    };
  }

  private static ArchCondition<JavaMethod> mentionTheDriverAloneOfTheSpi() {
    return new ArchCondition<>("mention nothing of io.lvstun.spi but the driver") {
      @Override
      public void check(JavaMethod method, ConditionEvents events) {
        boolean visible = method.getOwner().getModifiers().contains(JavaModifier.PUBLIC);
        Set<JavaClass> types = new HashSet<>(method.getReturnType().getAllInvolvedRawTypes());
        method.getParameterTypes().forEach(type -> types.addAll(type.getAllInvolvedRawTypes()));
        for (JavaClass type : types) {
          if (visible
              && type.getPackageName().equals("io.lvstun.spi")
              && !type.isEquivalentTo(IpvsDriver.class)) {
            events.add(
                SimpleConditionEvent.violated(
                    method, method.getFullName() + " mentions " + type.getSimpleName()));
          }
        }
      }
    };
  }

  private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
    return new ArchCondition<>("reside in a package that is @NullMarked") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        if (!type.getSimpleName().equals("module-info")
            && !type.getPackage().isAnnotatedWith("org.jspecify.annotations.NullMarked")) {
          events.add(
              SimpleConditionEvent.violated(
                  type, type.getPackageName() + " has no @NullMarked in its package-info.java"));
        }
      }
    };
  }
}
