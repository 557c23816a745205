# SPDX-License-Identifier: Apache-2.0
# Sends packets as they are given, and tells which ones come back. Python from 3.4 on.
#   WAIT_MS FILTER LAST [ADDRESS PACKET]...     the filter as "code,true,false,operand;...", packets in hexadecimal;
#                                               so many at the end are sent when the waiting is over
import binascii
import ctypes
import select
import socket
import struct
import sys
import time

wait = int(sys.argv[1]) / 1000.0
instructions = [tuple(int(n) for n in each.split(",")) for each in sys.argv[2].split(";")]
packets = list(zip(sys.argv[4::2], sys.argv[5::2]))
last = len(packets) - int(sys.argv[3])
program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *each) for each in instructions))
# struct sock_fprog: the number, and a pointer at its alignment.
fprog = struct.pack("HP", len(instructions), ctypes.addressof(program))
try:
    # Bound to all devices at once: what comes before the filter is in place is told apart by the reader.
    seen = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
    seen.setsockopt(socket.SOL_SOCKET, 26, fprog)
except OSError as e:
    sys.exit("cannot open a packet socket: " + str(e.strerror))
raw = {}


def transmit(address, packet):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        if family not in raw:
            raw[family] = socket.socket(family, socket.SOCK_RAW, 255)
        raw[family].sendto(binascii.unhexlify(packet), (address, 0))
    except OSError as e:
        return e.errno or 0
    return 0


print("tool=python")
for number in range(last):
    print("sent %d %d" % (number, transmit(*packets[number])))
end = time.monotonic() + wait
most = 1000
while most > 0:
    left = end - time.monotonic()
    if left <= 0:
        break
    if not select.select([seen], [], [], left)[0]:
        continue
    packet, source = seen.recvfrom(65535)
    # Not what goes out, nor what the host says to itself.
    if source[2] == 4 or source[3] == 772:
        continue
    print("got " + binascii.hexlify(packet[:256]).decode("ascii"))
    most -= 1
for each in packets[last:]:
    transmit(*each)
