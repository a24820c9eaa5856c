#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Makes the old primary the standby of the new one:
# pg-rebuild-standby.sh BIN ACCOUNT DATA NEW_ADDRESS NEW_PORT RUN
#
# pg_rewind if the two histories allow it, else a new base backup. The old folder is kept aside until
# somebody removes it: it may hold the only copy of the writes that were lost.
set -eu
PATH=$PATH:/usr/sbin:/sbin
bin=$1 account=$2 data=$3 address=$4 port=$5 run=$6
source="host=$address port=$port user=$account dbname=postgres"
as() { (cd / && runuser -u "$account" -- "$@"); }

as "$bin/pg_ctl" status -D "$data" >/dev/null 2>&1 && { echo "the old primary still runs" >&2; exit 1; }
aside=$data.before-$run
[ ! -e "$aside" ] || { echo "$aside is there already" >&2; exit 1; }
cp -a "$data" "$aside"
rm -f "$data/standby.signal"

# pg_rewind wants a folder that was shut down cleanly; single-user mode recovers one that was killed.
if as "$bin/pg_rewind" --target-pgdata="$data" --source-server="$source" --write-recovery-conf >"$aside.log" 2>&1; then
    echo "rewound"
else
    rm -rf "$data"
    as "$bin/pg_basebackup" -D "$data" -d "$source" -R -X stream -c fast
    echo "copied anew: pg_rewind said: $(tail -n 1 "$aside.log")"
fi
# What the old folder said about itself stays: its port and its sockets.
cp -p "$aside/postgresql.auto.conf" "$data/postgresql.auto.conf.old" 2>/dev/null || :
for file in postgresql.conf pg_hba.conf; do [ ! -e "$aside/$file" ] || cp -p "$aside/$file" "$data/$file"; done
touch "$data/standby.signal"
chown "$account:" "$data/standby.signal"
as "$bin/pg_ctl" start -w -D "$data" -l "$data/drill.log" >/dev/null
