// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.section;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Blots out secrets in text from hosts before anything is kept.
 *
 * @since 0.1.0
 */
public final class Redaction {

  /** What stands in the place of a secret. */
  static final String REDACTED = "[redacted]";

  /** Longer lines of configuration are cut: no pattern may run for long on what a host made up. */
  private static final int LINE_LENGTH = 4096;

  /**
   * Words that stand before a secret in the configuration of keepalived, NetworkManager, netplan
   * and others.
   */
  private static final Pattern SECRET =
      Pattern.compile(
          "(?im)^(?<head>[^\\n"
              + "]*?\\b(?:auth_pass|auth_hmac|auth[_-]?key|password[0-9a-z_-]{0,20}|passwd"
              + "|passphrase|[a-z0-9_.-]{0,40}secret[a-z0-9_-]{0,20}|psk|psk-raw|wep-key[0-9]?"
              + "|private[_-]?key|preshared[_-]?key|token|api[_-]?key|community|smtp_password|leap-password|key)\\b[\"']?["
              + " \\t]*(?:[=:][ \\t]*|[ \\t]))(?<secret>\\S[^\\n"
              + "]*)$");

  /** The same words in the arguments of commands. */
  private static final Pattern ARGUMENT =
      Pattern.compile(
          "(?i)(?<head>--?[a-z0-9-]{0,40}(?:password|passwd|secret|token|api-key|private-key|psk)[="
              + " ])(?<secret>\\S+)");

  /** One of these is in each word of {@link #SECRET} and {@link #ARGUMENT}. */
  private static final List<String> STEMS =
      List.of("auth", "pass", "secret", "psk", "key", "token", "community");

  private static final Pattern URL_PASSWORD =
      Pattern.compile(
          "(?<head>[a-z][a-z0-9+.-]{0,20}://[^/\\s:@]{1,256}:)(?<secret>[^@\\s/]{1,256})(?=@)");

  private static final Pattern PEM =
      Pattern.compile(
          "-----BEGIN [A-Z ]*PRIVATE KEY-----(?s:.*?)(?:-----END [A-Z ]*PRIVATE KEY-----|\\z)");

  private Redaction() {}

  private static String cutLines(String text) {
    if (text.length() <= LINE_LENGTH) {
      return text;
    }
    StringBuilder cut = new StringBuilder(text.length());
    int start = 0;
    while (start < text.length()) {
      int end = text.indexOf('\n', start);
      int stop = end < 0 ? text.length() : end;
      cut.append(text, start, Math.min(stop, start + LINE_LENGTH));
      if (end >= 0) {
        cut.append('\n');
      }
      start = stop + 1;
    }
    return cut.toString();
  }

  /**
   * Blots out secrets: in configuration files after the usual words, anywhere in URLs, arguments,
   * PEM.
   */
  public static String redact(String text, boolean configuration) {
    String whole = configuration ? PEM.matcher(cutLines(text)).replaceAll(REDACTED) : text;
    if (!mayHaveSecret(whole)) {
      return whole;
    }
    // No pattern goes beyond a line, and few lines need to be looked at.
    StringBuilder redacted = new StringBuilder(whole.length());
    int start = 0;
    while (start < whole.length()) {
      int feed = whole.indexOf('\n', start);
      int end = feed < 0 ? whole.length() : feed + 1;
      String line = whole.substring(start, end);
      redacted.append(mayHaveSecret(line) ? redactLine(line, configuration) : line);
      start = end;
    }
    return redacted.toString();
  }

  private static boolean mayHaveSecret(String text) {
    if (text.contains("://")) {
      return true;
    }
    String lower = text.toLowerCase(Locale.ROOT);
    return STEMS.stream().anyMatch(lower::contains);
  }

  private static String redactLine(String line, boolean configuration) {
    String redacted = line;
    if (configuration) {
      redacted = SECRET.matcher(redacted).replaceAll("${head}" + REDACTED);
    }
    redacted = ARGUMENT.matcher(redacted).replaceAll("${head}" + REDACTED);
    return URL_PASSWORD.matcher(redacted).replaceAll("${head}" + REDACTED);
  }
}
