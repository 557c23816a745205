// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpResponseReaderTest {

  private final StringBuilder body = new StringBuilder();

  private HttpResponseReader reader(boolean bodiless) {
    return new HttpResponseReader(
        bodiless, piece -> body.append(StandardCharsets.ISO_8859_1.decode(piece)));
  }

  private static int read(HttpResponseReader reader, String text)
      throws HttpResponseReader.MalformedException {
    ByteBuffer bytes = ByteBuffer.wrap(HttpResponseReader.ascii(text));
    reader.read(bytes);
    return bytes.remaining();
  }

  @Test
  void bytesBehindTheResponseAreLeft() throws Exception {
    HttpResponseReader reader = reader(false);
    assertThat(read(reader, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1")).isEqualTo(8);
    assertThat(reader.done()).isTrue();
    assertThat(body).hasToString("ok");
  }

  @Test
  void chunksArePutTogether() throws Exception {
    HttpResponseReader reader = reader(false);
    int unused =
        read(
            reader,
            "HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n1\r\na\r\n0000000A;x\r\n"
                + "0123456789\r\n0\r\n\r\n");
    assertThat(reader.done()).isTrue();
    assertThat(body).hasToString("a0123456789");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1 \r\nContent-Length: 01\r\n folded\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\n",
        "HTTP/1.1 200 OK\r\n: x\r\n\r\n",
        "HTTP/1.1 099 No\r\n\r\n",
        "HTTP/1.1 2000 No\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100000000\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n"
      })
  void whatServersAndProxiesReadDifferentlyIsMalformed(String text) {
    HttpResponseReader reader = reader(false);
    assertThatExceptionOfType(HttpResponseReader.MalformedException.class)
        .isThrownBy(() -> read(reader, text));
  }

  @ParameterizedTest
  @CsvSource({"true, 200", "false, 204", "false, 304"})
  void responsesWithoutABodyEndWithTheirHead(boolean bodiless, int status) throws Exception {
    HttpResponseReader reader = reader(bodiless);
    int left = read(reader, "HTTP/1.1 " + status + " X\r\nContent-Length: 5\r\n\r\n");
    assertThat(left).isZero();
    assertThat(reader.done()).isTrue();
    assertThat(reader.status()).isEqualTo(status);
  }

  @Test
  void endOfTheConnectionEndsOnlyABodyWithoutALength() throws Exception {
    HttpResponseReader open = reader(false);
    int unused = read(open, "HTTP/1.0 200 OK\r\n\r\nabc");
    assertThat(open.headed()).isTrue();
    assertThat(open.done()).isFalse();
    assertThat(open.closed()).isTrue();
    HttpResponseReader cut = reader(false);
    unused = read(cut, "HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\nabc");
    assertThat(cut.closed()).isFalse();
    HttpResponseReader head = reader(false);
    unused = read(head, "HTTP/1.0 200 OK\r\nX: y\r\n");
    assertThat(head.headed()).isFalse();
    assertThat(head.closed()).isFalse();
  }

  @Test
  void headersOfAnInterimResponseDoNotCount() throws Exception {
    HttpResponseReader reader = reader(false);
    int unused =
        read(
            reader,
            "HTTP/1.1 103 Early\r\nContent-Length: 7\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length:"
                + " 0\r\n\r\n");
    assertThat(reader.done()).isTrue();
    assertThat(reader.status()).isEqualTo(200);
  }
}
