# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# Sends packets as they are given, and tells which ones come back, with perl or python. The text is a constant: what varies
# comes as arguments, which are those of the programs.
LC_ALL=C
export LC_ALL
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin
export PATH
if perl -MPOSIX '-MSocket=:DEFAULT,inet_pton' -e 1 2>/dev/null; then
  lvstun_perl "$@"
  exit
fi
for python in python3 /usr/libexec/platform-python; do
  if "$python" -c 'import ctypes, select, socket, struct, time' 2>/dev/null; then
    lvstun_python "$@"
    exit
  fi
done
echo 'perl and python are not installed' >&2
exit 127
