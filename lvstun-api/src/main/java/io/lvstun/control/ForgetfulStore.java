// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import java.util.Optional;

/** Remembers nothing. */
final class ForgetfulStore implements DesiredStateStore {

  @Override
  public Optional<String> load() {
    return Optional.empty();
  }

  @Override
  public void save(String text) {
    // Nothing is kept: that is what it is for.
  }

  @Override
  public Optional<String> setAside() {
    return Optional.empty();
  }

  @Override
  public String place() {
    return "no store";
  }

  @Override
  public void close() {
    // There is nothing to let go of.
  }
}
