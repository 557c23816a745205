# SPDX-License-Identifier: Apache-2.0
# Opens TCP connections, all at once, sends a request over each, and tells what became of them. Python from 3.4 on.
#   CONNECT_MS ANSWER_MS BYTES ADDRESS PORT COUNT [ADDRESS PORT COUNT]...
import errno
import select
import socket
import struct
import sys
import time

connect_s = int(sys.argv[1]) / 1000.0
answer_s = int(sys.argv[2]) / 1000.0
size = int(sys.argv[3])
targets = sys.argv[4:]
TCP_INFO = 11


def request(address):
    # Asks for nothing that changes anything; a long one has header lines that nobody reads.
    host = "[" + address + "]" if ":" in address else address
    head = "GET / HTTP/1.0\r\nHost: " + host + "\r\nUser-Agent: lvstun-doctor\r\n"
    number = 0
    while len(head) + 2 < size:
        left = size - 2 - len(head)
        name = "X-Padding-" + str(number) + ": "
        number += 1
        head += name + "x" * max(0, (1024 if left > 1100 else left) - len(name) - 2) + "\r\n"
    return (head + "\r\n").encode("ascii")


class Attempt:
    def __init__(self, address, port):
        self.address, self.port = address, port
        self.state, self.outcome, self.errno = "connecting", "", 0
        self.sent = self.received = self.ms = self.local = 0
        self.source, self.info, self.request, self.socket = "-", "", b"", None
        self.since = time.monotonic()
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        try:
            self.socket = socket.socket(family, socket.SOCK_STREAM)
            self.socket.setblocking(False)
            result = self.socket.connect_ex((address, port))
        except OSError as e:
            self.finish("error", e.errno or 0)
            return
        self.name()
        if result not in (0, errno.EINPROGRESS):
            self.failed(result)

    def name(self):
        try:
            self.source, self.local = self.socket.getsockname()[:2]
        except OSError:
            pass

    def failed(self, number):
        outcome = {
            errno.ECONNREFUSED: "refused",
            errno.ETIMEDOUT: "timeout",
            errno.EHOSTUNREACH: "unreachable",
            errno.ENETUNREACH: "unreachable",
            errno.ECONNRESET: "reset",
            errno.EPIPE: "reset",
        }.get(number, "error")
        self.finish(outcome, number)

    def numbers(self):
        # struct tcp_info: 8 bytes of flags, then 32-bit numbers, then, from Linux 4.2, bytes acknowledged at 120.
        try:
            return self.socket.getsockopt(socket.IPPROTO_TCP, TCP_INFO, 256)
        except OSError:
            return b""

    def finish(self, outcome, number):
        if self.state == "open":
            info = self.numbers()
            if len(info) >= 104:
                n = struct.unpack_from("=24L", info, 8)
                # Time stamps take 12 bytes of each segment, which the MSS that was announced does not say.
                stamps = 12 if info[5] & 1 else 0
                self.info = " mss=%d pmtu=%d advmss=%d unacked=%d retrans=%d" % (n[2] + stamps, n[13], n[19], n[4], n[23])
                if len(info) >= 128:
                    self.info += " acked=%d" % struct.unpack_from("=Q", info, 120)
        self.state, self.outcome, self.errno = "done", outcome, number
        if self.socket is not None:
            self.socket.close()

    def acknowledged(self):
        info = self.numbers()
        return self.sent == len(self.request) and len(info) >= 104 and struct.unpack_from("=24L", info, 8)[4] == 0

    def connected(self):
        number = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if number:
            self.failed(number)
            return
        self.state = "open"
        self.ms = int((time.monotonic() - self.since) * 1000)
        self.since = time.monotonic()
        self.request = request(self.address)
        self.name()

    def exchange(self, readable, writable):
        try:
            if writable and self.sent < len(self.request):
                self.sent += self.socket.send(self.request[self.sent:])
            if readable:
                data = self.socket.recv(65536)
                if not data:
                    self.finish("ok" if self.received else "closed", 0)
                    return
                self.received += len(data)
                # Over a long request the answer may come before its end: an error of the server's.
                if not size or self.acknowledged():
                    self.finish("ok", 0)
                    return
        except (BlockingIOError, InterruptedError):
            pass
        except OSError as e:
            self.failed(e.errno or 0)
            return
        if size and self.acknowledged():
            self.finish("ok", 0)
        elif time.monotonic() - self.since >= answer_s:
            self.finish("stalled" if size else "silent", 0)


print("tool=python")
every = []
while len(targets) >= 3:
    for _ in range(int(targets[2])):
        every.append(Attempt(targets[0], int(targets[1])))
    targets = targets[3:]
while True:
    going = [a for a in every if a.state != "done"]
    if not going:
        break
    poll = select.poll()
    wait = 0.1 if size else 1.0
    for a in going:
        wait = min(wait, a.since + (connect_s if a.state == "connecting" else answer_s) - time.monotonic())
        if a.state == "connecting":
            poll.register(a.socket, select.POLLOUT)
        else:
            poll.register(a.socket, select.POLLIN | (select.POLLOUT if a.sent < len(a.request) else 0))
    ready = dict(poll.poll(max(10, int(wait * 1000))))
    for a in going:
        event = ready.get(a.socket.fileno(), 0)
        if a.state == "connecting":
            if event:
                a.connected()
            elif time.monotonic() - a.since >= connect_s:
                a.finish("timeout", 0)
        else:
            error = event & (select.POLLERR | select.POLLHUP)
            a.exchange(event & select.POLLIN or error, event & select.POLLOUT)
for a in every:
    print(
        "attempt address=%s port=%d source=%s local=%d outcome=%s errno=%d ms=%d sent=%d received=%d%s"
        % (a.address, a.port, a.source, a.local, a.outcome, a.errno, a.ms, a.sent, a.received, a.info)
    )
