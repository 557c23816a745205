// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Reads one response of HTTP/1.x (RFC 9112) as it comes, strictly: what is ambiguous is an error,
 * and everything has a bound.
 */
final class HttpResponseReader {

  /** A response that cannot be read. */
  static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1;

    MalformedException(String message) {
      super(message);
    }
  }

  static final int MOST_HEAD = 64 << 10;
  static final int MOST_BODY = 16 << 20;
  private static final int MOST_LINE = 16 << 10;

  private enum Part {
    STATUS,
    HEADERS,
    BODY,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    TRAILERS,
    DONE
  }

  private final boolean bodiless;
  private final Consumer<ByteBuffer> body;
  private final StringBuilder line = new StringBuilder();
  private Part part = Part.STATUS;
  private int head;
  private int status;
  private long length = -1;
  private boolean chunked;
  private long left;
  private long total;

  /**
   * Starts a response.
   *
   * @param bodiless whether the request was a HEAD
   * @param body takes the body, piece by piece
   */
  HttpResponseReader(boolean bodiless, Consumer<ByteBuffer> body) {
    this.bodiless = bodiless;
    this.body = body;
  }

  int status() {
    return status;
  }

  boolean done() {
    return part == Part.DONE;
  }

  /** Reads on. What follows the end is left. */
  void read(ByteBuffer bytes) throws MalformedException {
    while (bytes.hasRemaining() && part != Part.DONE) {
      switch (part) {
        case BODY -> take(bytes, length < 0 ? bytes.remaining() : left);
        case CHUNK -> take(bytes, left);
        default -> line(bytes);
      }
    }
  }

  private void take(ByteBuffer bytes, long most) throws MalformedException {
    int count = (int) Math.min(most, bytes.remaining());
    total += count;
    if (total > MOST_BODY) {
      throw new MalformedException("body exceeds " + (MOST_BODY >> 20) + " MiB");
    }
    ByteBuffer piece = bytes.slice(bytes.position(), count);
    bytes.position(bytes.position() + count);
    body.accept(piece);
    left -= count;
    if (left == 0 && (part == Part.CHUNK || length >= 0)) {
      part = part == Part.CHUNK ? Part.CHUNK_END : Part.DONE;
    }
  }

  private void line(ByteBuffer bytes) throws MalformedException {
    char c = (char) (bytes.get() & 0xff);
    if (++head > MOST_HEAD + total / 4) {
      throw new MalformedException("header exceeds " + (MOST_HEAD >> 10) + " KiB");
    }
    if (c != '\n') {
      if (line.length() == MOST_LINE) {
        throw new MalformedException("a line exceeds " + (MOST_LINE >> 10) + " KiB");
      }
      line.append(c);
      return;
    }
    if (line.length() > 0 && line.charAt(line.length() - 1) == '\r') {
      line.setLength(line.length() - 1);
    }
    String text = line.toString();
    line.setLength(0);
    switch (part) {
      case STATUS -> statusLine(text);
      case HEADERS -> header(text);
      case CHUNK_SIZE -> chunkSize(text);
      case CHUNK_END -> {
        if (!text.isEmpty()) {
          throw new MalformedException("chunk is longer than announced");
        }
        part = Part.CHUNK_SIZE;
      }
      case TRAILERS -> part = text.isEmpty() ? Part.DONE : Part.TRAILERS;
      default -> throw new IllegalStateException("no line in " + part);
    }
  }

  private void statusLine(String text) throws MalformedException {
    if (!text.matches("HTTP/1\\.[01] [1-9][0-9]{2}(?: .*)?")) {
      String shown = text.substring(0, Math.min(60, text.length()));
      throw new MalformedException("no HTTP status line: \"" + shown + '"');
    }
    status = Integer.parseInt(text.substring(9, 12));
    part = Part.HEADERS;
  }

  private void header(String text) throws MalformedException {
    if (text.isEmpty()) {
      endOfHead();
      return;
    }
    int colon = text.indexOf(':');
    if (colon <= 0 || text.charAt(0) == ' ' || text.charAt(0) == '\t') {
      throw new MalformedException(
          "no header: \"" + text.substring(0, Math.min(60, text.length())) + '"');
    }
    String name = text.substring(0, colon).toLowerCase(Locale.ROOT);
    String value = text.substring(colon + 1).strip();
    if (name.equals("content-length")) {
      if (!value.matches("[0-9]{1,18}") || (length >= 0 && length != Long.parseLong(value))) {
        throw new MalformedException("Content-Length is no single number");
      }
      length = Long.parseLong(value);
    } else if (name.equals("transfer-encoding")) {
      if (!value.equalsIgnoreCase("chunked")) {
        throw new MalformedException("Transfer-Encoding other than chunked");
      }
      chunked = true;
    }
  }

  private void endOfHead() throws MalformedException {
    if (status < 200) {
      // An interim response; the real one follows.
      length = -1;
      chunked = false;
      part = status == 101 ? Part.DONE : Part.STATUS;
    } else if (bodiless || status == 204 || status == 304) {
      part = Part.DONE;
    } else if (chunked) {
      if (length >= 0) {
        throw new MalformedException("both Content-Length and Transfer-Encoding");
      }
      part = Part.CHUNK_SIZE;
    } else {
      left = Math.max(0, length);
      part = length == 0 ? Part.DONE : Part.BODY;
    }
  }

  private void chunkSize(String text) throws MalformedException {
    int end = text.indexOf(';');
    String digits = (end < 0 ? text : text.substring(0, end)).strip();
    if (!digits.matches("[0-9a-fA-F]{1,8}")) {
      throw new MalformedException("chunk has no size");
    }
    left = Long.parseLong(digits, 16);
    part = left == 0 ? Part.TRAILERS : Part.CHUNK;
  }

  /**
   * The server closed the connection.
   *
   * @return whether the response is whole: a body without a length ends so
   */
  boolean closed() {
    if (part == Part.BODY && length < 0) {
      part = Part.DONE;
    }
    return part == Part.DONE;
  }

  /** Whether the head is whole, so that the status is known. */
  boolean headed() {
    return part.compareTo(Part.BODY) >= 0;
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
