# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# Opens TCP connections to addresses, sends a request over each, and tells what became of them, with what there is on the
# host: perl, python, bash, curl or BusyBox. The text is a constant: what varies comes as arguments.
#   $1  milliseconds to wait for a connection
#   $2  milliseconds to wait for the answer
#   $3  bytes to send; 0 for a short request
#   ... address, port and number of connections, as often as wanted
LC_ALL=C
export LC_ALL
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin
export PATH

has() { command -v "$1" >/dev/null 2>&1; }

if perl -MErrno -MFcntl -MPOSIX -MSocket=:addrinfo -e 1 2>/dev/null; then
  lvstun_perl "$@"
  exit
fi
for python in python3 /usr/libexec/platform-python; do
  if "$python" -c 'import select, socket, struct, time' 2>/dev/null; then
    lvstun_python "$@"
    exit
  fi
done

if [ "$3" -gt 0 ]; then
  echo 'perl and python are not installed' >&2
  exit 127
fi
connect=$((($1 + 999) / 1000))
answer=$((($2 + 999) / 1000))
limit=$((connect + answer))
shift 3

# outcome TEXT: what an error message means.
outcome() {
  case $1 in
  *[Rr]efused*) echo refused ;;
  *'timed out'* | *[Tt]imeout*) echo timeout ;;
  *nreachable* | *'No route'*) echo unreachable ;;
  *[Rr]eset*) echo reset ;;
  *) echo error ;;
  esac
}

# result ADDRESS PORT OUTCOME RECEIVED
result() {
  printf 'attempt address=%s port=%s source=- local=0 outcome=%s errno=0 ms=0 sent=0 received=%s\n' "$1" "$2" "$3" "$4"
}

with_bash() {
  # shellcheck disable=SC2016 # the inner shell's own parameters
  said=$(timeout "$limit" bash -c '
    exec 3<>"/dev/tcp/$0/$1" || exit 1
    echo connected
    printf "GET / HTTP/1.0\r\nHost: %s\r\nUser-Agent: lvstun-doctor\r\n\r\n" "$0" >&3
    if IFS= read -r -t "$2" -n 1 letter <&3; then echo answered; fi' "$1" "$2" "$answer" 2>&1)
  case $said in
  *answered*) result "$1" "$2" ok 1 ;;
  connected*[Rr]eset*) result "$1" "$2" reset 0 ;;
  connected*) result "$1" "$2" silent 0 ;;
  *[a-z]*) result "$1" "$2" "$(outcome "$said")" 0 ;;
  *) result "$1" "$2" timeout 0 ;;
  esac
}

with_curl() {
  case $1 in *:*) url="http://[$1]:$2/" ;; *) url="http://$1:$2/" ;; esac
  said=$(curl -q -g -sS --noproxy '*' -A lvstun-doctor -o /dev/null --connect-timeout "$connect" -m "$limit" \
    -w 'size=%{size_download} connected=%{time_connect}' "$url" 2>&1)
  code=$?
  case $code in
  # 1 and 8: what came was not HTTP; 22: an error of HTTP.
  0 | 1 | 8 | 18 | 22) result "$1" "$2" ok 1 ;;
  52) result "$1" "$2" closed 0 ;;
  56) result "$1" "$2" reset 0 ;;
  28) case $said in *connected=0.000000* | *connected=0,000000*) result "$1" "$2" timeout 0 ;; *) result "$1" "$2" silent 0 ;; esac ;;
  7) case $(outcome "$said") in error) result "$1" "$2" refused 0 ;; *) result "$1" "$2" "$(outcome "$said")" 0 ;; esac ;;
  *) result "$1" "$2" error 0 ;;
  esac
}

with_busybox() {
  said=$(printf 'GET / HTTP/1.0\r\nHost: %s\r\nUser-Agent: lvstun-doctor\r\n\r\n' "$1" |
    busybox timeout "$limit" busybox nc -w "$connect" "$1" "$2" 2>&1 | busybox head -c 200)
  case $said in
  nc:*) result "$1" "$2" "$(outcome "$said")" 0 ;;
  '') result "$1" "$2" timeout 0 ;;
  *) result "$1" "$2" ok 1 ;;
  esac
}

if has bash && has timeout; then
  tool=bash
elif has curl; then
  tool=curl
elif has busybox && busybox nc --help 2>&1 | grep -q 'PORT'; then
  tool=busybox
else
  echo 'none of perl, python3, bash with timeout, curl and busybox is installed' >&2
  exit 127
fi
echo "tool=$tool"
while [ $# -ge 3 ]; do
  count=$3
  while [ "$count" -gt 0 ]; do
    "with_$tool" "$1" "$2" &
    count=$((count - 1))
  done
  shift 3
done
wait
