#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Serves a folder over HTTP with what the host has: serve.sh FOLDER ADDRESS PORT
# The server's process id is kept beside the folder, for unserve.sh.
set -eu
folder=$1 address=$2 port=$3
pid_file=$folder.http.pid

if busybox httpd --help >/dev/null 2>&1; then
    set -- busybox httpd -f -c /dev/null -p "$address:$port" -h "$folder"
elif command -v python3 >/dev/null; then
    set -- python3 -m http.server "$port" --bind "$address" --directory "$folder"
else
    echo "neither busybox httpd nor python3 on this host" >&2
    exit 1
fi

[ -d "$folder" ] || { echo "no such folder: $folder" >&2 && exit 1; }
[ ! -e "$pid_file" ] || { echo "already served, by process $(cat "$pid_file")" >&2 && exit 1; }
setsid "$@" </dev/null >"$folder.http.log" 2>&1 &
pid=$!
echo "$pid" >"$pid_file"

# A port that is taken ends the server at once; that must fail here and not at the first probe.
for _ in 1 2 3 4 5; do
    sleep 0.1
    kill -0 "$pid" 2>/dev/null || { cat "$folder.http.log" >&2 && rm -f "$pid_file" && exit 1; }
done
echo "serving $folder at $address:$port, process $pid"
