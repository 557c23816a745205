// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli.terminal;

import java.lang.module.ModuleDescriptor;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IVersionProvider;

/**
 * The version of this release.
 *
 * @since 0.1.0
 */
public final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    return new String[] {"lvstun-doctor " + text()};
  }

  /** The version, from the manifest on the class path, from the module on the module path. */
  public static String text() {
    @Nullable String manifest = Version.class.getPackage().getImplementationVersion();
    if (manifest != null) {
      return manifest;
    }
    @Nullable ModuleDescriptor module = Version.class.getModule().getDescriptor();
    return module == null ? "(development)" : module.rawVersion().orElse("(development)");
  }
}
