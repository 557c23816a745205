# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# Captures packets with the host's tcpdump and writes the file as text. Changes nothing. The text is a constant: what
# varies comes as arguments.
#   $1  seconds after which it ends
#   $2  packets after which it ends; 0 for any number
#   $3  which packets, in tcpdump's language
LC_ALL=C
export LC_ALL
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin
export PATH
if ! command -v tcpdump >/dev/null 2>&1; then
  echo 'tcpdump is not installed' >&2
  exit 127
fi
if ! command -v base64 >/dev/null 2>&1; then
  echo 'base64 is not installed' >&2
  exit 127
fi
seconds=$1
filter=$3
if [ "$2" -gt 0 ]; then set -- -c "$2"; else set --; fi
{
  tcpdump -U -n -i any -s 65535 "$@" -w - "$filter" </dev/null &
  tcpdump=$!
  # Its output is elsewhere, or whoever reads this one would wait for it.
  (
    sleep "$seconds"
    kill -INT "$tcpdump"
  ) >/dev/null 2>&1 </dev/null &
  timer=$!
  wait "$tcpdump"
  kill "$timer" 2>/dev/null
} | base64
