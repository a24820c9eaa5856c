// SPDX-License-Identifier: Apache-2.0

/// Finds and heals what drills left at a host, by the marks they carry and without any journal.
extension HostScripts {
    /// Lists what is left.
    ///
    /// Arguments: runs that are still going on and are left alone. Prints `KIND RUN NAME` lines.
    static let findLeftovers = #"""
        PATH=$PATH:/usr/sbin:/sbin
        alive() { for run in $live; do [ "$run" != "$1" ] || return 0; done; return 1; }
        live=$*
        for dir in "$HOME"/.lifeboat-drills/*; do
            [ -d "$dir" ] && [ ! -L "$dir" ] || continue
            run=$(cat "$dir/marker" 2>/dev/null)
            case ${dir##*/} in "$run".*) ;; *) continue ;; esac
            ! alive "$run" || continue
            for timer in "$dir"/*.heal; do
                [ -e "$timer/armed" ] && [ ! -e "$timer/disarmed" ] || continue
                case $(cat "$timer/fired" 2>/dev/null) in '0 '*) continue ;; esac
                name=${timer##*/}
                echo "fault $run ${name%.heal}"
            done
            for undo in "$dir"/undo/*; do
                [ -e "$undo/command" ] || continue
                echo "undo $run ${undo##*/}"
            done
            for unit in "$dir"/*; do
                [ -e "$unit/begun" ] && [ ! -e "$unit/ended" ] || continue
                [ "$(cat "$unit/boot")" = "$(cat /proc/sys/kernel/random/boot_id)" ] || continue
                kill -0 "$(cat "$unit/supervisor")" 2>/dev/null || continue
                echo "unit $run ${unit##*/}"
            done
            echo "folder $run ${dir##*/}"
        done
        for table in $(nft list tables 2>/dev/null | sed -n 's/^table inet \(drill_[0-9]\{8\}t[0-9]\{6\}z_[0-9a-f]\{8\}_.*\)$/\1/p'); do
            name=${table#drill_}
            run=$(printf '%s' "$name" | cut -c1-16)-$(printf '%s' "$name" | cut -c18-25)
            alive "$run" || echo "table $run $table"
        done
        for space in $(ip netns list 2>/dev/null | cut -d' ' -f1 | grep -E '^drill-[0-9]{8}t[0-9]{6}z-[0-9a-f]{8}(-.*)?$'); do
            run=$(printf '%s' "$space" | cut -c7-31)
            alive "$run" || echo "netns $run $space"
        done
        for device in $(tc qdisc show 2>/dev/null | sed -n 's/^qdisc netem d411: dev \([^ ]*\) .*/\1/p'); do
            [ -n "$live" ] || echo "netem - $device"
        done
        \#(slots)
        exit 0
        """#

    /// Lists the replication slots of runs in every PostgreSQL server whose socket is open at the host.
    ///
    /// A server that cannot be asked is said (`unread - SOCKET: REASON`): what it keeps is not known. One that is about to
    /// begin is given three seconds.
    private static let slots = #"""
        sockets() {
            sed -n 's/^[^ ]* [^ ]* [^ ]* [^ ]* [^ ]* [^ ]* *[0-9]* \(.*\/\.s\.PGSQL\.[0-9]*\)$/\1/p' /proc/net/unix | sort -u
        }
        \#(ask)
        servers=$(sockets)
        while read -r socket; do
            [ -n "$socket" ] || continue
            turn=0
            while :; do
                found=$(ask "$socket" "select slot_name from pg_replication_slots where slot_name ~ '^drill_[0-9]{8}t[0-9]{6}z_[0-9a-f]{8}(_.*)?\$' order by 1" 2>&1) && break
                turn=$((turn + 1))
                case $found in *starting\ up* | *recovery*) [ "$turn" -lt 4 ] && sleep 1 && continue ;; esac
                # A server that has ended meanwhile keeps nothing from anybody.
                said=$(printf '%s\n' "$found" | grep . | tail -n 1)
                sockets | grep -qxF "$socket" && echo "unread - $socket: ${said:-it does not answer}"
                found=
                break
            done
            for slot in $found; do
                name=${slot#drill_}
                run=$(printf '%s' "$name" | cut -c1-16)-$(printf '%s' "$name" | cut -c18-25)
                alive "$run" || echo "slot $run $slot@$socket"
            done
        done <<SERVERS
        $servers
        SERVERS
        """#

    /// Asks a server through its socket, as the account that it belongs to where we may, else as ourselves.
    private static let ask = #"""
        ask() {
            command -v psql >/dev/null 2>&1 || { echo "there is no psql at this host"; return 1; }
            folder=${1%/*} port=${1##*.}
            set -- "$2" -X -A -t -q -w -v ON_ERROR_STOP=1 -h "$folder" -p "$port" -d postgres
            query=$1
            shift
            if [ "$(id -u)" = 0 ] && owner=$(stat -c %U "$folder/.s.PGSQL.$port" 2>/dev/null) && [ "$owner" != root ]; then
                set -- runuser -u "$owner" -- env PGCONNECT_TIMEOUT=5 psql -U "$owner" "$@"
            else
                set -- env PGCONNECT_TIMEOUT=5 psql "$@"
            fi
            # A server that was stopped takes the connection and says nothing more.
            ! command -v timeout >/dev/null 2>&1 || set -- timeout 15 "$@"
            cd / && printf '%s;\n' "$query" | "$@"
        }
        """#

    /// Heals what one run left: its faults first, then its undos, newest first, then its folder.
    ///
    /// Each has its time, an undo that of its step, and is killed with all that it began when that is over: one
    /// that hangs must not keep the others from being done.
    /// Arguments: the run's folder's name, the seconds that what has no time of its own may take. Prints what
    /// was done; ends with 1 when something is still left.
    static let heal = #"""
        now() { read -r up rest </proc/uptime; now=${up%%.*}; }
        # within SECONDS FILE COMMAND...: its end stands in FILE.status, its words in FILE.
        within() {
            now
            end=$((now + $1)) file=$2
            shift 2
            rm -f "$file.status"
            setsid sh -c '"$@" >"$0" 2>&1; echo $? >"$0.status"' "$file" "$@" </dev/null &
            group=$!
            while [ ! -s "$file.status" ]; do
                now
                if [ "$now" -ge "$end" ]; then
                    kill -s TERM -- "-$group" 2>/dev/null
                    sleep 1
                    kill -s KILL -- "-$group" 2>/dev/null
                    wait "$group" 2>/dev/null
                    echo "it took too long and was killed" >>"$file"
                    return 124
                fi
                sleep 0.1 2>/dev/null || sleep 1
            done
            wait "$group" 2>/dev/null
            return "$(cat "$file.status")"
        }
        dir=$HOME/.lifeboat-drills/$1
        [ -d "$dir" ] && [ ! -L "$dir" ] || exit 0
        run=$(cat "$dir/marker" 2>/dev/null)
        case $1 in "$run".*) ;; *) echo "$1 is not marked as a drill's folder; it was left alone" >&2; exit 1 ;; esac
        status=0
        for unit in "$dir"/*; do
            [ -e "$unit/begun" ] && [ ! -e "$unit/ended" ] || continue
            : >"$unit/stop"
            [ "$(cat "$unit/boot")" = "$(cat /proc/sys/kernel/random/boot_id)" ] || continue
            kill -0 "$(cat "$unit/supervisor")" 2>/dev/null || continue
            read -r child rest <"$unit/begun"
            kill -s TERM -- "-$child" 2>/dev/null
            turn=0
            while [ ! -e "$unit/ended" ] && [ "$turn" -lt 30 ]; do
                sleep 0.1 2>/dev/null || sleep 1
                turn=$((turn + 1))
            done
            [ -e "$unit/ended" ] || kill -s KILL -- "-$child" 2>/dev/null
            echo "ended ${unit##*/}"
        done
        for timer in "$dir"/*.heal; do
            [ -e "$timer/armed" ] && [ ! -e "$timer/disarmed" ] || continue
            if within "$2" "$timer/swept.out" sh "$timer/heal" "$timer"; then
                : >"$timer/disarmed"
                [ ! -e "$timer/timer.pid" ] || kill -s TERM -- "-$(cat "$timer/timer.pid")" 2>/dev/null
                echo "healed ${timer##*/}"
            else
                status=1
                echo "could not heal ${timer##*/}: $(tail -n 1 "$timer/swept.out")" >&2
            fi
        done
        for undo in $(for each in "$dir"/undo/*; do [ -e "$each/command" ] && echo "$(cat "$each/number") ${each##*/}"; done | sort -rn | cut -d' ' -f2); do
            limit=$(cat "$dir/undo/$undo/limit" 2>/dev/null)
            if cd "$dir/undo/$undo" && within "${limit:-$2}" "$dir/undo/$undo/out" sh ./command; then
                cd "$dir" || exit 1
                echo "undid $undo"
                rm -rf "$dir/undo/$undo"
            else
                status=1
                cd "$dir" || exit 1
                echo "could not undo $undo: $(tail -n 1 "$dir/undo/$undo/out")" >&2
            fi
        done
        [ "$status" -eq 0 ] || exit 1
        rm -rf -- "$dir" && rmdir "$HOME/.lifeboat-drills" 2>/dev/null
        [ ! -e "$dir" ]
        """#

    /// Takes away what carries a drill's mark and has no folder any more.
    ///
    /// Arguments: `table`, `netns`, `netem` or `slot`, its name. What runs in a network of its own ends with it; a slot that
    /// is in use stays.
    static let healOrphan = #"""
        PATH=$PATH:/usr/sbin:/sbin
        case $1 in
        table) nft delete table inet "$2" ;;
        netns)
            for pid in $(ip netns pids "$2"); do kill -s KILL "$pid"; done
            ip netns delete "$2"
            ;;
        netem) tc qdisc del dev "$2" root handle d411: ;;
        slot)
            \#(ask)
            # The name was matched by its mark when it was found, and holds no quote.
            case ${2%%@*} in *[!a-z0-9_]*) exit 64 ;; esac
            ask "${2#*@}" "select pg_drop_replication_slot('${2%%@*}')" >/dev/null
            ;;
        *) exit 64 ;;
        esac
        """#
}
