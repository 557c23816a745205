// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import java.io.IOException;
import java.util.Optional;

/** A store that fails, and in which the process may die before or after it has saved. */
final class SimulatedStore implements DesiredStateStore {

  private static final int READ_BACK = 16;

  private final Simulation world;
  private String text = "";
  private DesiredState state = DesiredState.EMPTY;

  SimulatedStore(Simulation world) {
    this.world = world;
  }

  /** What would be there after a crash. */
  DesiredState state() {
    return state;
  }

  @Override
  public Optional<String> load() {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  @Override
  public void save(String newText) throws IOException {
    if (world.random.nextInt(1000) < world.faults) {
      world.trace("the store fails");
      throw new IOException("no space left");
    }
    world.watch.step();
    text = newText;
    state = world.stored();
    if (world.random.nextInt(READ_BACK) == 0) {
      readBack();
    }
    world.prune();
    world.watch.step();
  }

  /** Reading takes half the time of the whole simulation: now and then will do. */
  private void readBack() {
    try {
      if (!StateText.read(text).state().equals(state)) {
        throw new AssertionError("what is written is read as something else: " + text);
      }
    } catch (StateText.RejectedException e) {
      throw new AssertionError("what is written cannot be read: " + text, e);
    }
  }

  @Override
  public Optional<String> setAside() {
    throw new AssertionError("nothing here is corrupt");
  }

  @Override
  public String place() {
    return "simulated store";
  }

  @Override
  public void close() {
    // There is nothing to let go of.
  }
}
