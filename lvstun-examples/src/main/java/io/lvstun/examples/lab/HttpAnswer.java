// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.lab;

/**
 * What a client got for one HTTP request.
 *
 * @param status the HTTP status; 0 if there was no answer
 * @param body the body, as text
 * @param error why there was no answer, in curl's words; empty if there was one
 * @param millis how long the request took, connecting included
 * @since 0.1.0
 */
public record HttpAnswer(int status, String body, String error, long millis) {

  /** Whether the server answered with status 200. */
  public boolean ok() {
    return status == 200 && error.isEmpty();
  }

  /**
   * The name of the real server that answered: the first word of the body.
   *
   * @throws LabException if there was no answer
   */
  public String server() {
    if (!ok()) {
      throw new LabException("no answer: " + this);
    }
    int end = 0;
    while (end < body.length() && !Character.isWhitespace(body.charAt(end))) {
      end++;
    }
    return body.substring(0, end);
  }
}
