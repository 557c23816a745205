// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

/**
 * Thrown when the name, path or process that selected a network namespace no longer refers to it:
 * the namespace was deleted or recreated, or the process ended. The director still holds the
 * namespace it was opened in, and nothing was changed; {@link Director#reopen()} moves it to the
 * namespace that the name refers to now.
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
