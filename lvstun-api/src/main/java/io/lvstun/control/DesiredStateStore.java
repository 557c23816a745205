// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Stores what a controller must remember when its process dies: the desired services, drains in
 * progress, and which services it owns, since entries of the kernel's table carry no owner. A store
 * keeps one text; the controller interprets and verifies it.
 *
 * <p>Called by one thread at a time. Each store serves one controller.
 *
 * @since 0.1.0
 */
public interface DesiredStateStore extends AutoCloseable {

  /**
   * Returns a store in a file. A text is written to a temporary file beside it, forced to the disk,
   * and moved into its place, so that there is the old text or the new one at any moment. The file
   * has mode 0600; one that belongs to another user, that others may write, or that is a symbolic
   * link, is refused. A lock beside it ({@code .lock}) keeps a second controller out.
   *
   * @param file the file, in a folder that exists
   * @return the store
   */
  static DesiredStateStore file(Path file) {
    return new FileStore(file);
  }

  /**
   * Returns a store that forgets everything when the process ends: after a restart, a controller
   * does not know which services of the table are its own and what was being drained.
   *
   * @return the store
   */
  static DesiredStateStore none() {
    return new ForgetfulStore();
  }

  /**
   * Reads the text.
   *
   * @return the text that was saved last, empty if there is none
   * @throws IOException if it cannot be read, with a message that names the place
   */
  Optional<String> load() throws IOException;

  /**
   * Saves a text; when the method returns, it outlives a loss of power.
   *
   * @param text the text
   * @throws IOException if it is not saved, or not for certain, with a message that names the place
   */
  void save(String text) throws IOException;

  /**
   * Keeps the present text for people to look at, since the controller cannot use it.
   *
   * @return where it is kept, empty if it is not
   * @throws IOException if that fails
   */
  Optional<String> setAside() throws IOException;

  /**
   * Names the place, for messages.
   *
   * @return for example a path
   */
  String place();

  /** Lets go of the place. A second call does nothing. */
  @Override
  void close();
}
