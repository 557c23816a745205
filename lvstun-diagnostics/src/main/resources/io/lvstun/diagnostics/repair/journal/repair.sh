# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2317 # do_KIND and the like are called by name
#
# Changes a host one step at a time, and writes down each step before it is taken. For any POSIX shell: dash, bash,
# BusyBox ash. The text is a constant: what varies comes as arguments.
#   $1  what stands in front of /proc, /sys, /var and /etc: nothing, but in tests
#   $2  the verb, then its arguments; see the end of the file
#
# On standard output, lines "= WORD..." are the answer; a line "! REASON" says why there is none. Exit status:
#   0  done
#   69 the host lacks something that is needed
#   73 the journal cannot be written; nothing was changed
#   75 somebody else is at work
#   76 a file is not as it was a moment ago, or belongs to somebody else; nothing was changed
#   77 the step failed
LC_ALL=C
export LC_ALL
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin
export PATH
umask 077
S=$1
verb=$2
shift 2

# Minutes after which a lock is thought to be left behind by something that died.
STALE=15
# Bytes beyond which no file of ours can be.
LARGEST=16384

has() { command -v "$1" >/dev/null 2>&1; }

say() { printf '= %s\n' "$*"; }

die() {
  printf '! %s\n' "$2"
  exit "$1"
}

hex() { od -An -v -tx1 | tr -d ' \n'; }

# flush FILE: what was written outlives a loss of power.
flush() { sync "$1" 2>/dev/null || sync; }

# put FILE MODE TEXT: all of it or nothing, and on the disk when it returns.
put() {
  put_directory=${1%/*}
  put_new=$put_directory/.lvstun-$$.new
  if ! printf '%s' "$3" | dd of="$put_new" conv=fsync 2>/dev/null; then
    # A BusyBox may lack conv=fsync.
    if ! { printf '%s' "$3" >"$put_new" && sync; }; then
      rm -f "$put_new"
      return 1
    fi
  fi
  if ! { chmod "$2" "$put_new" && mv -f "$put_new" "$1"; }; then
    rm -f "$put_new"
    return 1
  fi
  flush "$put_directory"
}

# Where this host's journal is. Network namespaces share /var: each has its own part.
place() {
  own=$(readlink "$S/proc/self/ns/net")
  first=$(readlink "$S/proc/1/ns/net")
  namespace=
  named=no
  # Where the first process may not be looked at, the name alone tells.
  if [ "$own" != "$first" ]; then
    namespace=$(ip netns identify $$ 2>/dev/null | head -n 1)
    case $namespace in
    '' | *[!A-Za-z0-9_.+:@-]* | . | ..)
      namespace=
      [ -z "$first" ] || namespace=$(printf '%s' "$own" | tr -cd 0-9)
      ;;
    *) named=yes ;;
    esac
  fi
  base=$S/var/lib/lvstun/${namespace:+netns/}${namespace:-host}
}

# held TOKEN: fails if the lock is not, or no longer, ours.
held() {
  holder=
  IFS= read -r holder 2>/dev/null <"$base/lock/owner"
  [ "$holder" = "$1" ] || die 75 "the lock was taken by somebody else"
  touch "$base/lock"
}

# take TOKEN WHO WHOSE: WHOSE is the token of a lock that is known to be left behind; it may be empty
take() {
  mkdir -p "$base/runs" || die 73 "cannot make $base/runs"
  if ! mkdir "$base/lock" 2>/dev/null; then
    token=
    holder=
    { IFS= read -r token && IFS= read -r holder; } 2>/dev/null <"$base/lock/owner"
    if [ -z "$(find "$base/lock" -maxdepth 0 -mmin +$STALE 2>/dev/null)" ] &&
      { [ -z "$3" ] || [ "$token" != "$3" ]; }; then
      say "held $token $holder"
      die 75 "somebody else is at work: ${holder#* }"
    fi
    # Whoever held it has not been heard of for long. Of two that see this, one can move it.
    mv "$base/lock" "$base/lock.$$" 2>/dev/null && rm -rf "$base/lock.$$"
    mkdir "$base/lock" 2>/dev/null || die 75 "somebody else is at work"
    say stale
  fi
  if ! put "$base/lock/owner" 600 "$1
$2
"; then
    rm -rf "$base/lock"
    die 73 "cannot write $base/lock/owner"
  fi
}

release() {
  holder=
  IFS= read -r holder 2>/dev/null <"$base/lock/owner"
  [ "$holder" = "$1" ] && rm -rf "$base/lock"
  return 0
}

# state KIND A B C: one line that says what is the case: "v TEXT", "x HEX", "none", or "error REASON".
state() {
  case $1 in
  sysctl)
    # Not with read: it asks for a byte at a time, and the kernel gives only the first of a number.
    if [ ! -e "$S/proc/sys/$2" ]; then
      say none
    elif value=$(cat "$S/proc/sys/$2" 2>/dev/null); then
      say v "$value"
    else
      say error "cannot read /proc/sys/$2"
    fi
    ;;
  module)
    underscored=$(printf '%s' "$2" | tr - _)
    if [ -d "$S/sys/module/$underscored" ]; then
      say v loaded
    elif grep -q "/$(printf '%s' "$underscored" | sed 's/_/[_-]/g')\.ko" \
      "$S/lib/modules/$(uname -r)/modules.builtin" 2>/dev/null; then
      say v loaded
    else
      say v absent
    fi
    ;;
  link)
    if ! shown=$(ip link show dev "$2" 2>/dev/null); then
      say none
    else
      case $shown in *[\<,]UP[,\>]*) say v up ;; *) say v down ;; esac
    fi
    ;;
  address)
    if ! shown=$(ip address show dev "$2" 2>/dev/null); then
      say none
    else
      case $shown in *" $3 "*) say v present ;; *) say v absent ;; esac
    fi
    ;;
  default)
    # $2 is -4 or -6.
    say x "$(ip "$2" route show default | hex)"
    ;;
  tunnel-mode)
    if ! shown=$(ip -6 tunnel show "$2" 2>/dev/null); then
      say none
    else
      shown=${shown#*: }
      say v "${shown%% *}"
    fi
    ;;
  fou)
    # $2 is -4 or -6, $3 the port. ip shows the ports of both families, whichever it is asked for.
    shown=$(
      ip "$2" fou show 2>/dev/null | while read -r line; do
        case "$line " in *' -6 '*) family=-6 ;; *) family=-4 ;; esac
        if [ "$family" = "$2" ]; then echo "$line "; fi
      done
    )
    case $shown in
    *"port $3 gue"*) say v present ;;
    *"port $3 "*) say error "port $3 is open for something else than GUE" ;;
    *) say v absent ;;
    esac
    ;;
  device)
    if ip link show dev "$2" >/dev/null 2>&1; then say v present; else say v absent; fi
    ;;
  nft)
    # $2 is "FAMILY TABLE CHAIN", $3 the comment of the rule.
    # shellcheck disable=SC2086 # three words
    if ! shown=$(nft -a list chain $2 2>/dev/null); then
      say none
    else
      case $shown in *"comment \"$3\""*) say v present ;; *) say v absent ;; esac
    fi
    ;;
  file)
    if [ -h "$S$2" ]; then
      say error "it is a symbolic link"
    elif [ ! -e "$S$2" ]; then
      say none
    elif [ ! -f "$S$2" ] || [ ! -r "$S$2" ]; then
      say error "it is no file that can be read"
    elif [ "$(wc -c <"$S$2")" -gt $LARGEST ]; then
      say error "it is too large"
    else
      say x "$(hex <"$S$2")"
    fi
    ;;
  *) say v unknown ;;
  esac
}

# in_use MODULE: whether a device or port of it is in use here or in another network namespace.
in_use() {
  case $1 in
  ipip) kind=ipip ;;
  sit) kind=sit ;;
  ip6_tunnel) kind=ip6tnl ;;
  ip_gre) kind=gre ;;
  fou | fou6) kind= ;;
  *) return 1 ;;
  esac
  for each in '' $(ip netns list 2>/dev/null | cut -d' ' -f1); do
    if [ -z "$kind" ]; then
      shown=$(ip ${each:+-n "$each"} fou show 2>/dev/null)
    else
      shown=$(ip ${each:+-n "$each"} link show type "$kind" up 2>/dev/null)
    fi
    [ -z "$shown" ] || return 0
  done
  return 1
}

# unchanged FILE HEX: it still is what it was when it was looked at; HEX is none if there was none.
unchanged() {
  if [ -h "$S$1" ]; then return 1; fi
  if [ ! -e "$S$1" ]; then [ "$2" = none ]; else [ "$(hex <"$S$1")" = "$2" ]; fi
}

# perform KIND ARGUMENT...
perform() {
  performed=$1
  shift
  case $performed in
  none) return 0 ;;
  sysctl) printf '%s\n' "$2" >"$S/proc/sys/$1" ;;
  unload)
    if in_use "$1"; then
      printf '%s is in use\n' "$1" >&2
      return 1
    fi
    # Not modprobe -r: that takes modules along that were there before.
    if rmmod "$1"; then return 0; fi
    # Another network namespace of the same kernel may have been quicker, and not be done yet.
    left=10
    while [ "$left" -gt 0 ] && [ "$(cat "$S/sys/module/$1/initstate" 2>/dev/null)" = going ]; do
      sleep 1
      left=$((left - 1))
    done
    [ ! -e "$S/sys/module/$1" ]
    ;;
  write)
    unchanged "$1" "$2" || return 76
    (umask 022 && mkdir -p "$S${1%/*}") && put "$S$1" "$3" "$4"
    ;;
  remove)
    unchanged "$1" "$2" || return 76
    rm -f "$S$1" && flush "$S${1%/*}"
    ;;
  nft-delete)
    # $1 is "FAMILY TABLE CHAIN", $2 the comment of the rule.
    # shellcheck disable=SC2086 # three words
    handle=$(nft -a list chain $1 | sed -n "s/.*comment \"$2\".*# handle \([0-9][0-9]*\)\$/\1/p" | head -n 1)
    [ -n "$handle" ] || return 1
    # shellcheck disable=SC2086
    nft delete rule $1 handle "$handle"
    ;;
  run) "$@" ;;
  *) return 1 ;;
  esac
}

place

case $verb in
look) # [KIND A B C]...: where we are, and what is the case
  say "where ${namespace:-host} $named $([ -d "$S/etc/netns/${namespace:-.}" ] && [ $named = yes ] && echo own-etc)"
  while [ $# -ge 4 ]; do
    state "$1" "$2" "$3" "$4"
    shift 4
  done
  ;;

begin) # TOKEN WHO RUN META WHOSE: takes the lock and begins a run; without a run it takes the lock alone
  take "$1" "$2" "$5"
  say "where ${namespace:-host} $named $([ -d "$S/etc/netns/${namespace:-.}" ] && [ $named = yes ] && echo own-etc)"
  if [ -n "$3" ]; then
    last=00000
    for each in "$base"/runs/*; do
      each=${each##*/}
      case $each in [0-9][0-9][0-9][0-9][0-9].*) last=${each%%.*} ;; esac
    done
    last=$((1$last + 1))
    name=${last#1}.$3
    if ! { mkdir "$base/runs/$name" && put "$base/runs/$name/meta" 600 "$4"; }; then
      rm -rf "${base:?}/runs/$name"
      release "$1"
      die 73 "cannot write the journal in $base/runs"
    fi
    say "run $name"
  fi
  ;;

step) # TOKEN RUN NUMBER MARK ENTRY  KIND A B C  PERFORM...: writes down, takes the step, says what is the case then
  held "$1"
  run=$base/runs/$2
  number=$3
  mark=$4
  if [ -n "$5" ] && ! put "$run/$number.entry" 600 "$5"; then
    die 73 "cannot write the journal $run/$number.entry"
  fi
  shift 5
  what=$1
  a=$2
  b=$3
  c=$4
  shift 4
  perform "$@" </dev/null >&2
  status=$?
  [ $status -ne 76 ] || die 76 "it has just been changed by somebody else"
  if [ $status -ne 0 ]; then
    : >"$run/$number.failed"
    printf '! %s\n' "it ended with status $status"
    exit 77
  fi
  : >"$run/$number.$mark"
  state "$what" "$a" "$b" "$c"
  ;;

runs) # all runs, the oldest first
  for each in "$base"/runs/*; do
    [ -d "$each" ] || continue
    undone=no
    [ -e "$each/undone" ] && undone=yes
    count=0
    for entry in "$each"/*.entry; do [ -e "$entry" ] && count=$((count + 1)); done
    say "run ${each##*/} $undone $count $(hex <"$each/meta" 2>/dev/null)"
  done
  ;;

entries) # RUN: its entries, the latest first
  newest_first=
  for each in "$base/runs/$1"/*.entry; do
    [ -e "$each" ] && newest_first="${each##*/} $newest_first"
  done
  for each in $newest_first; do
    number=${each%.entry}
    marks=
    for mark in 'done' failed undone; do
      [ -e "$base/runs/$1/$number.$mark" ] && marks=$marks,$mark
    done
    if [ "$(wc -c <"$base/runs/$1/$each")" -gt $((LARGEST * 8)) ]; then
      say "entry $number ${marks:-,} -"
    else
      say "entry $number ${marks:-,} $(hex <"$base/runs/$1/$each")"
    fi
  done
  ;;

undone) # TOKEN RUN: all of it is taken back
  held "$1"
  : >"$base/runs/$2/undone"
  flush "$base/runs/$2"
  ;;

drop) # TOKEN RUN: nothing was to be done
  held "$1"
  [ -n "$2" ] && rm -rf "${base:?}/runs/$2"
  ;;

end) # TOKEN
  release "$1"
  ;;

*) die 69 "there is no verb $verb" ;;
esac
exit 0
