// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.bench;

import java.util.Locale;

/** What is timed. */
enum Work {
  /** Writing the table where there is none. */
  APPLY("apply from empty"),
  /** Reading the services back that were written, and comparing; the floor only reads them. */
  VERIFY("read back what was written"),
  /** Reading all services and servers, with all that the kernel says of them. */
  READ("read everything"),
  /** Comparing the table that is there with one that is equal to it, and doing nothing. */
  UNCHANGED("plan and apply, nothing to change"),
  /** Giving one server another weight, in the network namespace that the process is in. */
  WEIGHT("change one weight"),
  /** The same in a namespace that is named: each call makes sure that the name still means it. */
  NAMED("change one weight, namespace by name"),
  /** Replacing every tenth server by another, when it is known what is there. */
  REPLACE("replace 10 % of the servers, planned before"),
  /** Reading what is there, and replacing every tenth server by another. */
  CONVERGE("read, plan, replace 10 % of the servers");

  private final String title;

  Work(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  /** The name in results. */
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
