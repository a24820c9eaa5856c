#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# A new PostgreSQL server filled from a dump: pg-from-dump.sh BIN ACCOUNT DUMP DATA ADDRESS PORT NETWORK DATABASE
# DATA must not exist, and lies in a folder that ACCOUNT may write to. Clients of NETWORK (an address range or
# samenet) are trusted: a drill's server lives for an hour; write your own pg_hba.conf where that is too much.
set -eu
bin=$1 account=$2 dump=$3 data=$4 address=$5 port=$6 network=$7 database=$8
as() { (cd / && runuser -u "$account" -- "$@"); }

[ ! -e "$data" ] || { echo "$data is there already" >&2; exit 1; }
chown -R "$account:" "${dump%/*}"
as "$bin/initdb" -D "$data" -A trust -E UTF8 >/dev/null
cat >>"$data/postgresql.conf" <<END
port = $port
listen_addresses = '$address'
unix_socket_directories = '$data'
END
echo "host all all $network trust" >>"$data/pg_hba.conf"
as "$bin/pg_ctl" start -w -D "$data" -l "$data/drill.log" >/dev/null
as "$bin/createdb" -h "$data" -p "$port" "$database"
as "$bin/pg_restore" -h "$data" -p "$port" -d "$database" --exit-on-error --no-owner "$dump"
as "$bin/psql" -X -q -h "$data" -p "$port" -d "$database" -c "analyze"
echo "restored $(stat -c %s "$dump") bytes of $database at port $port"
