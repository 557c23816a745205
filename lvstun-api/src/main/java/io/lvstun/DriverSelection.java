// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.IpvsDriverProvider;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds drivers on the class path and module path and opens one; it never falls back later. */
final class DriverSelection {

  private static final System.Logger LOGGER = System.getLogger(Director.class.getName());

  private DriverSelection() {}

  static IpvsDriver open(Optional<String> name, DriverOptions options) {
    List<String> broken = new ArrayList<>();
    return open(name, options, installed(broken), broken);
  }

  /** Opens from given providers; {@code broken} holds what is known of those that did not load. */
  static IpvsDriver open(
      Optional<String> name,
      DriverOptions options,
      Collection<IpvsDriverProvider> providers,
      List<String> broken) {
    List<IpvsDriverProvider> candidates =
        providers.stream()
            .filter(provider -> name.map(provider.name()::equals).orElse(provider.priority() >= 0))
            .sorted(Comparator.comparingInt(IpvsDriverProvider::priority).reversed())
            .toList();
    List<String> refusals = new ArrayList<>(broken);
    LvsException last = null;
    for (IpvsDriverProvider provider : candidates) {
      try {
        IpvsDriver driver = provider.open(options);
        log(driver, name, refusals);
        return driver;
      } catch (LvsException e) {
        refusals.add(describe(provider.name(), e));
        last = e;
      }
    }
    throw unavailable(name, options, providers, refusals, last);
  }

  private static List<IpvsDriverProvider> installed(List<String> broken) {
    Map<String, IpvsDriverProvider> found = new LinkedHashMap<>();
    ClassLoader own = DriverSelection.class.getClassLoader();
    load(ServiceLoader.load(IpvsDriverProvider.class, own), found, broken);
    load(ServiceLoader.load(IpvsDriverProvider.class), found, broken);
    return List.copyOf(found.values());
  }

  private static void load(
      ServiceLoader<IpvsDriverProvider> loader,
      Map<String, IpvsDriverProvider> found,
      List<String> broken) {
    var providers = loader.iterator();
    while (true) {
      try {
        if (!providers.hasNext()) {
          return;
        }
        IpvsDriverProvider provider = providers.next();
        found.putIfAbsent(provider.name(), provider);
      } catch (ServiceConfigurationError | LinkageError e) {
        String refusal = "a driver could not be loaded: " + e;
        if (broken.contains(refusal)) {
          return;
        }
        broken.add(refusal);
      }
    }
  }

  private static void log(IpvsDriver driver, Optional<String> name, List<String> refusals) {
    String why =
        name.isPresent()
            ? "chosen by name"
            : refusals.isEmpty() ? "the best one works" : String.join("; ", refusals);
    LOGGER.log(System.Logger.Level.INFO, "IPVS driver {0}: {1}", driver.name(), why);
  }

  private static String describe(String driver, LvsException e) {
    return driver + ": " + e.reason() + (e.hint().isEmpty() ? "" : ". " + e.hint());
  }

  private static UnavailableException unavailable(
      Optional<String> name,
      DriverOptions options,
      Collection<IpvsDriverProvider> providers,
      List<String> refusals,
      @Nullable LvsException cause) {
    String installed =
        providers.stream().map(IpvsDriverProvider::name).sorted().collect(Collectors.joining(", "));
    String reason =
        refusals.isEmpty()
            ? name.map(wanted -> "there is no driver of this name").orElse("there is no driver")
            : String.join("; ", refusals);
    String hint =
        refusals.isEmpty()
            ? "Installed: "
                + (installed.isEmpty() ? "none" : installed)
                + ". Add io.lvstun:lvstun-netlink to the class path or module path"
            : "";
    LvsException.Failure failure =
        new LvsException.Failure(
            "open IPVS",
            options.namespace().map(namespace -> "in " + namespace).orElse(""),
            name.orElse("any driver"),
            reason,
            OptionalInt.empty(),
            hint);
    return cause == null
        ? new UnavailableException(failure)
        : new UnavailableException(failure, cause);
  }
}
