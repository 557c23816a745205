// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.relation;

import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.host.LoadModule;
import io.lvstun.host.SetSysctl;

/**
 * Remedies that several checks share, each with the lines that make it last over a reboot.
 *
 * @since 0.1.0
 */
public final class Remedies {

  /** Read by systemd, and by the init scripts of Alpine. */
  public static final String MODULES_FILE = "/etc/modules-load.d/lvstun.conf";

  /** Read after what distributions set. */
  public static final String SYSCTL_FILE = "/etc/sysctl.d/90-lvstun.conf";

  private Remedies() {}

  public static Remedy module(String text, String module) {
    return Remedy.of(text, new LoadModule(module)).lasting(MODULES_FILE, module);
  }

  public static Remedy sysctl(String text, String path, int value) {
    return sysctl(Remedy.of(text), path, value);
  }

  public static Remedy sysctl(Remedy remedy, String path, int value) {
    SetSysctl action = new SetSysctl(path, Integer.toString(value));
    return remedy.then(action).lasting(SYSCTL_FILE, action.name() + " = " + value);
  }
}
