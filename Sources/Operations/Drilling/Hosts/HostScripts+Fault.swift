// SPDX-License-Identifier: Apache-2.0

extension HostScripts {
    /// Arms the timer that heals a fault at the host, whatever becomes of everybody else.
    ///
    /// Arguments: the unit's folder, the time to live in seconds, the heal's command line, the size of the
    /// input. Input: the heal's script. The fault may only be injected once this has succeeded.
    static let arm = #"""
        set -eu
        umask 077
        mkdir -p "$1"
        cd "$1"
        if [ ! -e armed ]; then
            cat >script
            [ "$(wc -c <script)" -eq "$4" ] || { echo "the heal arrived cut short" >&2; exit 74; }
            chmod 700 script
            printf '%s\n' "$3" >command
            cat >heal <<'END'
        cd "$1" || exit 1
        turn=0
        until mkdir healing 2>/dev/null; do
            [ "$turn" -lt 300 ] || break
            sleep 0.1 2>/dev/null || sleep 1
            turn=$((turn + 1))
        done
        trap 'rmdir healing 2>/dev/null' EXIT
        sh ./command
        END
            cat >timer <<'END'
        cd "$1" || exit 1
        echo $$ >timer.pid
        : >armed
        sleep "$2"
        [ ! -e disarmed ] || exit 0
        status=0
        sh ./heal "$1" >fired.out 2>&1 || status=$?
        read -r up rest </proc/uptime
        echo "$status $up" >fired
        END
            if [ "$2" = never ]; then
                : >armed
                exit 0
            fi
            setsid sh ./timer "$1" "$2" </dev/null >/dev/null 2>&1 &
        fi
        [ "$2" != never ] || exit 0
        turn=0
        while [ ! -e armed ] && [ "$turn" -lt 100 ]; do
            sleep 0.1 2>/dev/null || sleep 1
            turn=$((turn + 1))
        done
        [ -e armed ] && [ ! -e fired ] && kill -0 "$(cat timer.pid)"
        """#

    /// Ends the timer and proves that it is gone.
    ///
    /// Arguments: the unit's folder.
    ///
    /// Only after the heal: between the two a crash must still leave the timer.
    static let disarm = #"""
        cd "$1" 2>/dev/null || exit 0
        [ -e armed ] || exit 0
        : >disarmed
        [ -e timer.pid ] || exit 0
        timer=$(cat timer.pid)
        ours() { tr '\0' '\n' <"/proc/$timer/cmdline" 2>/dev/null | grep -qxF "$1"; }
        ours "$1" || exit 0
        [ -e fired ] || kill -s TERM -- "-$timer" 2>/dev/null
        turn=0
        while ours "$1" && [ "$turn" -lt 50 ]; do
            sleep 0.1 2>/dev/null || sleep 1
            turn=$((turn + 1))
        done
        ! ours "$1"
        """#

    /// Leaves an undo at the host, for a sweep that knows no journal.
    ///
    /// Arguments: the run's folder, the step, the command line, the size of the input, the seconds that it may
    /// take. Input: the script.
    static let registerUndo = #"""
        set -eu
        umask 077
        cd "$1"
        mkdir -p undo
        [ ! -e "undo/$2" ] || exit 0
        rm -rf "undo/$2.new"
        mkdir "undo/$2.new"
        cat >"undo/$2.new/script"
        [ "$(wc -c <"undo/$2.new/script")" -eq "$4" ] || { echo "the undo arrived cut short" >&2; exit 74; }
        chmod 700 "undo/$2.new/script"
        printf '%s\n' "$3" >"undo/$2.new/command"
        echo "$5" >"undo/$2.new/limit"
        ls -d undo/* | wc -l >"undo/$2.new/number"
        mv "undo/$2.new" "undo/$2"
        """#

    /// Whether the timer has healed by itself.
    ///
    /// Arguments: the unit's folder. Prints its status and time.
    static let fired = #"""
        cat "$1/fired" 2>/dev/null
        exit 0
        """#

    /// Cuts the host off from addresses with a table of this run's own.
    ///
    /// Arguments: the table, then the addresses or names. The connection over which the controller speaks
    /// to this host is let through, where it would be cut too. Every rule counts; the rules as they were set
    /// are kept in `./rules`, for the proof. Refuses when an address is this host's own: then nothing
    /// separates the two sites, and a cut would cut everything.
    static let block = #"""
        set -eu
        PATH=$PATH:/usr/sbin:/sbin
        table=$1
        shift
        four= six=
        for name; do
            found=$(getent ahosts "$name" 2>/dev/null | cut -d' ' -f1 | sort -u)
            [ -n "$found" ] || { echo "$name has no address that this host knows" >&2; exit 1; }
            for address in $found; do
                case $(ip route get "$address" 2>/dev/null) in
                local*) echo "$name is $address, which is this host itself" >&2; exit 1 ;;
                esac
                case $address in
                *:*) six=${six:+$six, }$address ;;
                *) four=${four:+$four, }$address ;;
                esac
            done
        done
        set -- ${SSH_CONNECTION:-}
        peer=${1:-} port=${4:-}
        case ", $four, $six, " in *", $peer, "*) ;; *) peer= ;; esac
        rules() {
            echo "table inet $table {}"
            echo "delete table inet $table"
            echo "table inet $table {"
            for hook in input output forward; do
                echo "chain $hook { type filter hook $hook priority -200; policy accept;"
                if [ -n "$peer" ]; then
                    case $peer in *:*) family=ip6 ;; *) family=ip ;; esac
                    [ "$hook" != input ] || echo "$family saddr $peer tcp dport $port counter accept"
                    [ "$hook" != output ] || echo "$family daddr $peer tcp sport $port counter accept"
                fi
                [ -z "$four" ] || echo "ip saddr { $four } counter drop; ip daddr { $four } counter drop"
                [ -z "$six" ] || echo "ip6 saddr { $six } counter drop; ip6 daddr { $six } counter drop"
                echo "}"
            done
            echo "}"
        }
        rules | nft -f -
        nft -s -a list table inet "$table" >rules
        echo "blocked ${four:+$four }$six"
        """#

    /// Says what a cut has let through, by its own counters, and whether its rules are those that were set.
    ///
    /// Arguments: the table, the file with the rules as they were set. Prints `netns` or `address`, the
    /// packets dropped, the packets let through, and `whole` or `changed`. The handles of the rules are
    /// compared as well, so that one which was taken away and put back is seen.
    static let proveBlock = #"""
        PATH=$PATH:/usr/sbin:/sbin
        kind=address
        if first=$(readlink /proc/1/ns/net 2>/dev/null); then
            [ "$(readlink /proc/self/ns/net)" = "$first" ] || kind=netns
        elif [ -d /proc/sys/net/core ] && [ ! -e /proc/sys/net/core/netdev_max_backlog ]; then
            # The first process may not be looked at; this setting exists in the kernel's first network only.
            kind=netns
        fi
        state=changed
        if now=$(nft -s -a list table inet "$1" 2>/dev/null) && [ "$now" = "$(cat "$2" 2>/dev/null)" ]; then
            state=whole
        fi
        nft list table inet "$1" 2>/dev/null | awk -v kind="$kind" -v state="$state" '
            { for (i = 1; i < NF; i++) if ($i == "packets") n[$NF] += $(i + 1) }
            END { print kind, n["drop"] + 0, n["accept"] + 0, state }'
        """#

    /// Drops the run's table; also when there is none.
    ///
    /// Arguments: the table.
    static let unblock = #"""
        PATH=$PATH:/usr/sbin:/sbin
        nft delete table inet "$1" 2>/dev/null
        tables=$(nft list tables) || exit 1
        ! printf '%s\n' "$tables" | grep -qxF "table inet $1"
        """#

    /// Proves that a folder which the run will make is not there yet.
    ///
    /// Arguments: the folder.
    static let absent = #"""
        [ ! -e "$1" ] && [ ! -L "$1" ] || { echo "$1 is there already" >&2; exit 1; }
        """#

    /// Removes a folder that carries the run's marker.
    ///
    /// Arguments: the folder, the run.
    ///
    /// Never through a link, never over a mount, never a folder near the root. Prints what was removed.
    static let clean = #"""
        path=$1 run=$2
        refuse() { echo "$path $1; it was left alone" >&2; exit 1; }
        [ -e "$path" ] || [ -L "$path" ] || { echo "nothing to remove"; exit 0; }
        case $path in /*/*) ;; *) refuse "is too near the root" ;; esac
        case /$path/ in */../*|*/./*) refuse "is not a plain path" ;; esac
        [ ! -L "$path" ] || refuse "is a link"
        [ -d "$path" ] || refuse "is no folder"
        [ ! -L "$path/.lifeboat-drill" ] && [ "$(cat "$path/.lifeboat-drill" 2>/dev/null)" = "$run" ] ||
            refuse "does not carry the marker of this run"
        real=$(cd "$path" && pwd -P) || refuse "cannot be entered"
        while read -r _ _ _ _ mount _; do
            case $mount in "$real" | "$real"/*) refuse "has something mounted on it or below it" ;; esac
        done </proc/self/mountinfo
        count=$(find "$real" -xdev | wc -l)
        rm -rf --one-file-system -- "$real" 2>/dev/null || rm -rf -- "$real"
        [ ! -e "$real" ] || refuse "could not be removed whole"
        echo "removed $count entries below $real"
        """#

    /// Empties a folder that lies below a folder with the run's marker.
    ///
    /// Arguments: the folder, the run.
    static let empty = #"""
        path=$1 run=$2
        [ ! -L "$path" ] && cd "$path" && real=$(pwd -P) || exit 1
        above=$real
        while [ "$(cat "$above/.lifeboat-drill" 2>/dev/null)" != "$run" ]; do
            above=${above%/*}
            [ -n "$above" ] || { echo "nothing above $path carries the marker of this run" >&2; exit 1; }
        done
        find "$real" -xdev -mindepth 1 -delete
        """#
}
