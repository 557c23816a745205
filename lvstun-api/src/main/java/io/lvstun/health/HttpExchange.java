// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One request of an HTTP check and the response that it wants: keepalived's {@code url}.
 *
 * @param method {@code GET}, {@code HEAD}, ...: at most 32 capital letters
 * @param path what is asked for, with query: printable ASCII without spaces, at most 4096
 *     characters ({@code path})
 * @param host the Host header; empty for the address and port ({@code virtualhost})
 * @param headers further headers, at most 64
 * @param statuses statuses that pass, at least one range; keepalived's default is 200 to 299
 *     ({@code status_code})
 * @param body what the body must be; empty for anything
 * @since 0.1.0
 */
public record HttpExchange(
    String method,
    String path,
    Optional<String> host,
    Map<String, String> headers,
    List<StatusRange> statuses,
    Optional<BodyRule> body) {

  /**
   * A range of HTTP statuses.
   *
   * @param first 100 to 999
   * @param last the first to 999
   * @since 0.1.0
   */
  public record StatusRange(int first, int last) {
    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if it is none
     */
    public StatusRange {
      HealthArgument.of("first status", first, 100, 999);
      HealthArgument.of("last status", last, first, 999);
    }

    /**
     * Returns whether a status is in it.
     *
     * @param status the status
     * @return whether it is
     */
    public boolean contains(int status) {
      return status >= first && status <= last;
    }

    @Override
    public String toString() {
      return first == last ? Integer.toString(first) : first + "-" + last;
    }
  }

  /**
   * Checks everything that goes into the request's lines.
   *
   * @throws IllegalArgumentException if something does not fit into a request, or no status passes
   */
  public HttpExchange {
    Objects.requireNonNull(headers, "headers");
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(statuses, "statuses");
    if (!method.matches("[A-Z]{1,32}")) {
      throw new IllegalArgumentException("method must be capital letters, not \"" + method + '"');
    }
    HealthArgument.line("path", path, 4096);
    if (path.isEmpty() || !path.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException(
          "path must be printable ASCII without spaces, not \"" + path + '"');
    }
    host.ifPresent(name -> HealthArgument.line("host", name, 255));
    Map<String, String> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    sorted.putAll(headers);
    HealthArgument.of("number of headers", sorted.size(), 0, 64);
    sorted.forEach(
        (name, value) -> {
          if (!name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")) {
            throw new IllegalArgumentException("header name must be a token, not \"" + name + '"');
          }
          HealthArgument.line("header " + name, value, 4096);
        });
    for (String own : List.of("Host", "Connection", "Content-Length", "Transfer-Encoding")) {
      if (sorted.containsKey(own)) {
        throw new IllegalArgumentException("header " + own + " is set by the check itself");
      }
    }
    headers = java.util.Collections.unmodifiableMap(sorted);
    statuses = List.copyOf(statuses);
    if (statuses.isEmpty()) {
      throw new IllegalArgumentException("at least one status must pass");
    }
    Objects.requireNonNull(body, "body");
  }

  /**
   * Returns a GET that a status from 200 to 299 satisfies.
   *
   * @param path what is asked for
   * @return the exchange
   */
  public static HttpExchange get(String path) {
    return new HttpExchange(
        "GET",
        path,
        Optional.empty(),
        Map.of(),
        List.of(new StatusRange(200, 299)),
        Optional.empty());
  }

  /**
   * Returns a copy with another method.
   *
   * @param method capital letters
   * @return a copy
   */
  public HttpExchange method(String method) {
    return new HttpExchange(method, path, host, headers, statuses, body);
  }

  /**
   * Returns a copy with a Host header.
   *
   * @param host the header's value
   * @return a copy
   */
  public HttpExchange host(String host) {
    Objects.requireNonNull(host, "host");
    return new HttpExchange(method, path, Optional.of(host), headers, statuses, body);
  }

  /**
   * Returns a copy with one more header.
   *
   * @param name its name
   * @param value its value
   * @return a copy
   */
  public HttpExchange header(String name, String value) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(value, "value");
    Map<String, String> more = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    more.putAll(headers);
    more.put(name, value);
    return new HttpExchange(method, path, host, more, statuses, body);
  }

  /**
   * Returns a copy that other statuses satisfy.
   *
   * @param ranges at least one
   * @return a copy
   */
  public HttpExchange statuses(StatusRange... ranges) {
    Objects.requireNonNull(ranges, "ranges");
    return new HttpExchange(method, path, host, headers, List.of(ranges), body);
  }

  /**
   * Returns a copy that wants a body.
   *
   * @param rule what it must be
   * @return a copy
   */
  public HttpExchange body(BodyRule rule) {
    Objects.requireNonNull(rule, "rule");
    return new HttpExchange(method, path, host, headers, statuses, Optional.of(rule));
  }

  @Override
  public String toString() {
    return method + " " + path + host.map(name -> " of " + name).orElse("");
  }
}
