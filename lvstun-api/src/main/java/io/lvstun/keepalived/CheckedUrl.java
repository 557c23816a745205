// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A page that an HTTP check asks for, and what its answer must be.
 *
 * <p>Immutable.
 *
 * @param path the path
 * @param digest the MD5 sum of the body, 32 hexadecimal digits
 * @param statusCodes the accepted statuses; by default 200 to 299
 * @param virtualHost the {@code Host}; by default the address
 * @param body a regular expression that the body is searched for
 * @since 0.1.0
 */
public record CheckedUrl(
    String path,
    Optional<String> digest,
    List<StatusRange> statusCodes,
    Optional<String> virtualHost,
    Optional<BodyPattern> body) {

  /**
   * A range of statuses.
   *
   * @param first the least, 100 to 999
   * @param last the greatest
   * @since 0.1.0
   */
  public record StatusRange(int first, int last) {

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if it is none
     */
    public StatusRange {
      Checked.range("status_code", first, 100, 999);
      Checked.range("status_code", last, first, 999);
    }
  }

  /**
   * A regular expression of PCRE2.
   *
   * @param pattern the expression
   * @param absent whether a match is the failure
   * @param options words such as {@code caseless}
   * @param minOffset where the search begins, in bytes
   * @param maxOffset where a match may begin at most, in bytes
   * @since 0.1.0
   */
  public record BodyPattern(
      String pattern,
      boolean absent,
      List<String> options,
      Optional<Integer> minOffset,
      Optional<Integer> maxOffset) {

    /**
     * Copies the list and checks the values.
     *
     * @throws IllegalArgumentException if one cannot be written
     */
    public BodyPattern {
      Objects.requireNonNull(options, "options");
      Objects.requireNonNull(pattern, "pattern");
      Checked.pattern("regex", pattern);
      options = List.copyOf(options);
      options.forEach(option -> Checked.name("regex_options", option));
      minOffset.ifPresent(value -> Checked.range("regex_min_offset", value, 0, Integer.MAX_VALUE));
      maxOffset.ifPresent(value -> Checked.range("regex_max_offset", value, 0, Integer.MAX_VALUE));
    }
  }

  /**
   * Copies the list and checks the values.
   *
   * @throws IllegalArgumentException if one cannot be written
   */
  public CheckedUrl {
    Objects.requireNonNull(body, "body");
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(statusCodes, "statusCodes");
    Checked.text("path", path);
    if (digest.isPresent() && !digest.get().matches("[0-9a-fA-F]{32}")) {
      throw new IllegalArgumentException(
          "digest must be 32 hexadecimal digits, not "
              + ConfigSyntaxException.excerpt(digest.get()));
    }
    statusCodes = List.copyOf(statusCodes);
    virtualHost.ifPresent(value -> Checked.name("virtualhost", value));
  }

  /**
   * Returns a page that must answer with status 200 to 299.
   *
   * @param path the path
   * @return the page
   * @throws IllegalArgumentException if the path cannot be written
   */
  public static CheckedUrl of(String path) {
    return new CheckedUrl(path, Optional.empty(), List.of(), Optional.empty(), Optional.empty());
  }

  /**
   * Returns a copy with another digest.
   *
   * @param digest the MD5 sum of the body, 32 hexadecimal digits
   * @return a copy
   * @throws IllegalArgumentException if it is none
   */
  public CheckedUrl digest(String digest) {
    Objects.requireNonNull(digest, "digest");
    return new CheckedUrl(path, Optional.of(digest), statusCodes, virtualHost, body);
  }

  /**
   * Returns a copy with another list of accepted statuses.
   *
   * @param statusCodes the accepted statuses; none for 200 to 299
   * @return a copy
   */
  public CheckedUrl statusCodes(List<StatusRange> statusCodes) {
    return new CheckedUrl(path, digest, statusCodes, virtualHost, body);
  }

  /**
   * Returns a copy with another host.
   *
   * @param virtualHost the {@code Host}
   * @return a copy
   * @throws IllegalArgumentException if it cannot be written
   */
  public CheckedUrl virtualHost(String virtualHost) {
    Objects.requireNonNull(virtualHost, "virtualHost");
    return new CheckedUrl(path, digest, statusCodes, Optional.of(virtualHost), body);
  }

  /**
   * Returns a copy with another expression.
   *
   * @param body a regular expression that the body is searched for
   * @return a copy
   */
  public CheckedUrl body(BodyPattern body) {
    Objects.requireNonNull(body, "body");
    return new CheckedUrl(path, digest, statusCodes, virtualHost, Optional.of(body));
  }
}
