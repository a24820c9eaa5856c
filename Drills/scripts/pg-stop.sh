#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Ends a PostgreSQL server: pg-stop.sh BIN ACCOUNT DATA. May be called twice, and when none was ever begun.
set -eu
bin=$1 account=$2 data=$3
[ -s "$data/postmaster.pid" ] || exit 0
cd / && runuser -u "$account" -- "$bin/pg_ctl" stop -m fast -w -D "$data"
