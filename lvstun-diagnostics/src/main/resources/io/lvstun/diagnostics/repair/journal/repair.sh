# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154 # "verb" and the functions are those of change.sh
#
# Changes a host one step at a time, and writes down each step before it is taken. It stands behind change.sh of the api,
# which has the functions that read and change states, and the exit statuses. Two more of these:
#   73 the journal cannot be written; nothing was changed
#   75 somebody else is at work

# Minutes after which a lock is thought to be left behind by something that died.
STALE=15

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
