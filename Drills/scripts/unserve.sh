#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Ends what serve.sh began: unserve.sh FOLDER. May be called twice, and when nothing was ever served.
set -eu
folder=$1
pid_file=$folder.http.pid
[ -s "$pid_file" ] || exit 0
pid=$(cat "$pid_file")

# The number may belong to another process by now.
ours() { tr '\0' '\n' <"/proc/$pid/cmdline" 2>/dev/null | grep -qxF "$folder"; }

! ours || kill "$pid"
for _ in 1 2 3 4 5 6 7 8 9 10; do
    ours || { rm -f "$pid_file" && exit 0; }
    sleep 0.1
done
kill -KILL "$pid"
rm -f "$pid_file"
