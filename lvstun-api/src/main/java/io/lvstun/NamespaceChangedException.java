// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

/**
 * The name, path or process by which a network namespace was chosen no longer stands for it: the
 * namespace was deleted, or made anew, or the process ended. The director still holds the namespace
 * it was opened in, and nothing was done; {@link Director#reopen()} moves it to the one that the
 * name stands for now.
 *
 * @since 0.1.0
 */
public final class NamespaceChangedException extends LvsException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param failure the parts of the message
   */
  public NamespaceChangedException(Failure failure) {
    super(failure);
  }

  /**
   * Returns the same for a command that was not carried out because of it.
   *
   * @param command the command
   * @return an exception with this reason and hint
   */
  public NamespaceChangedException on(Command command) {
    return new NamespaceChangedException(
        new Failure(command.operation(), command.target(), driver(), reason(), code(), hint()));
  }
}
