// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

/** Text that may be looked at so many times: the bound of a regular expression's backtracking. */
final class CountedText implements CharSequence {

  /** It was looked at too often. */
  static final class ExhaustedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ExhaustedException() {
      super("looked at too often", null, false, false);
    }
  }

  private final CharSequence text;
  private final int[] left;

  CountedText(CharSequence text, int most) {
    this(text, new int[] {most});
  }

  private CountedText(CharSequence text, int[] left) {
    this.text = text;
    this.left = left;
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public char charAt(int index) {
    if (--left[0] < 0) {
      throw new ExhaustedException();
    }
    return text.charAt(index);
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return new CountedText(text.subSequence(start, end), left);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
