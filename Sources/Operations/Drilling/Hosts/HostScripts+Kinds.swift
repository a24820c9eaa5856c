// SPDX-License-Identifier: Apache-2.0

/// The faults that need more than the network, and their heals; a heal may be run when nothing was made.
extension HostScripts {
    /// Lets no question for a name leave or reach this host.
    ///
    /// Arguments: the table.
    static let breakNames = #"""
        set -eu
        PATH=$PATH:/usr/sbin:/sbin
        rules() {
            echo "table inet $1 {}"
            echo "delete table inet $1"
            echo "table inet $1 {"
            for hook in input output forward; do
                echo "chain $hook { type filter hook $hook priority -200; policy accept;"
                echo "udp dport { 53, 853 } drop; tcp dport { 53, 853 } drop; }"
            done
            echo "}"
        }
        rules "$1" | nft -f -
        """#

    /// Slows or loses what leaves through a device, under a handle of our own.
    ///
    /// Arguments: the device, `delay` or `loss`, how much. A discipline that somebody set is left alone.
    static let slow = #"""
        set -eu
        PATH=$PATH:/usr/sbin:/sbin
        if tc qdisc show dev "$1" root | grep -vq -e noqueue -e ' 0: ' -e 'netem d411:' -e '^$'; then
            echo "$1 has a queueing discipline of its own; it was left alone" >&2
            exit 1
        fi
        tc qdisc replace dev "$1" root handle d411: netem "$2" "$3"
        """#

    /// Arguments: the device.
    static let unslow = #"""
        PATH=$PATH:/usr/sbin:/sbin
        tc qdisc show dev "$1" root | grep -q 'netem d411:' || exit 0
        tc qdisc del dev "$1" root handle d411:
        ! tc qdisc show dev "$1" root | grep -q 'netem d411:'
        """#

    /// Kills the process whose number stands in a file's first line, as a power cut would.
    ///
    /// Arguments: the file.
    static let killProcess = #"""
        set -eu
        read -r pid rest <"$1"
        case $pid in '' | *[!0-9]* | 0 | 1) echo "$1 holds no process id" >&2; exit 1 ;; esac
        kill -s KILL "$pid"
        turn=0
        while [ -e "/proc/$pid" ] && ! grep -q '^State:.Z' "/proc/$pid/status" 2>/dev/null; do
            [ "$turn" -lt 50 ] || { echo "process $pid is still there" >&2; exit 1; }
            sleep 0.1 2>/dev/null || sleep 1
            turn=$((turn + 1))
        done
        """#

    /// Stops a process and all that it began, and keeps their numbers with their begins.
    ///
    /// Arguments: the file with its number, the folder for what must be remembered.
    static let pauseProcess = #"""
        set -eu
        read -r top rest <"$1"
        case $top in '' | *[!0-9]* | 0 | 1) echo "$1 holds no process id" >&2; exit 1 ;; esac
        mkdir -p "$2"
        keep=$2 all=$top new=$top
        while [ -n "$new" ]; do
            next=
            for file in /proc/[0-9]*/stat; do
                line=$(cat "$file" 2>/dev/null) || continue
                set -- ${line##*) }
                for above in $new; do
                    [ "${2:-}" != "$above" ] || { pid=${file#/proc/} && next="$next ${pid%/stat}"; }
                done
            done
            all="$all$next" new=$next
        done
        for pid in $all; do
            line=$(cat "/proc/$pid/stat" 2>/dev/null) || continue
            rest=${line##*) }
            echo "$pid $(echo "$rest" | cut -d' ' -f20)"
        done >"$keep/paused"
        kill -s STOP $all
        """#

    /// Arguments: the folder with what was remembered.
    static let resumeProcess = #"""
        [ -e "$1/paused" ] || exit 0
        status=0
        while read -r pid begun; do
            line=$(cat "/proc/$pid/stat" 2>/dev/null) || continue
            # The number may belong to another process by now.
            [ "$(echo "${line##*) }" | cut -d' ' -f20)" = "$begun" ] || continue
            kill -s CONT "$pid" || status=1
        done <"$1/paused"
        exit "$status"
        """#

    /// Fills a file system but for so many bytes, with one file.
    ///
    /// Arguments: a folder in it, the file's name, the bytes to leave.
    static let fillDisk = #"""
        set -eu
        [ ! -e "$1/$2" ] || exit 0
        free=$(($(df -Pk "$1" | awk 'NR == 2 { print $4 }') * 1024))
        size=$((free - $3))
        [ "$size" -gt 0 ] || { echo "$1 has only $free bytes free already" >&2; exit 1; }
        fallocate -l "$size" "$1/$2" 2>/dev/null && exit 0
        rm -f "$1/$2"
        head -c "$size" /dev/zero >"$1/$2"
        """#

    /// Arguments: the folder, the file's name.
    static let emptyDisk = #"""
        [ ! -L "$1/$2" ] && rm -f "$1/$2" && [ ! -e "$1/$2" ]
        """#

    /// Makes a mounted file system read-only, or writable again.
    ///
    /// Arguments: the mount point, `ro` or `rw`.
    static let remount = #"""
        set -eu
        real=$(cd "$1" && pwd -P)
        grep -q "^[^ ]* $real " /proc/mounts || { echo "$1 is no mount point" >&2; exit 1; }
        [ "$real" != / ] || { echo "the root is left alone" >&2; exit 1; }
        mount -o "remount,$2" "$real"
        """#

    /// Takes a credential away: the file is renamed, so that its content, owner and mode stay as they are.
    ///
    /// Arguments: the file, the name it gets in the same folder.
    static let hide = #"""
        set -eu
        [ ! -L "$1" ] && [ -f "$1" ] || { echo "$1 is no plain file; it was left alone" >&2; exit 1; }
        other=${1%/*}/$2
        [ ! -e "$other" ] || { echo "$other is there already" >&2; exit 1; }
        mv "$1" "$other"
        """#

    /// Arguments: the file, the name it got.
    static let unhide = #"""
        other=${1%/*}/$2
        [ -e "$other" ] || exit 0
        [ ! -e "$1" ] || { echo "$1 was made anew meanwhile; the old one is $other" >&2; exit 1; }
        mv "$other" "$1"
        """#

    /// Arguments: a name that the workers carry, how many.
    static let loadProcessor = #"""
        set -eu
        count=$2
        while [ "$count" -gt 0 ]; do
            setsid sh -c 'while :; do :; done' "$1" </dev/null >/dev/null 2>&1 &
            count=$((count - 1))
        done
        sleep 0.2 2>/dev/null || sleep 1
        """#

    /// Arguments: a name that the workers carry, bytes.
    static let loadMemory = #"""
        set -eu
        free=$(($(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo) * 1024))
        [ "$2" -lt "$free" ] || { echo "only $free bytes are available; more would kill the host" >&2; exit 1; }
        setsid sh -c '{ head -c "$1" /dev/zero; exec sleep 86400; } | tail -c "$1"' "$1" "$2" </dev/null >/dev/null 2>&1 &
        sleep 0.5 2>/dev/null || sleep 1
        """#

    /// Ends whatever carries a name as its `$0`, with its whole session.
    ///
    /// Arguments: the name.
    static let unload = #"""
        find_them() {
            # One look at all of them first, where grep can: a host may run thousands.
            if printf 'a\0b\0' | grep -qzxF -e b 2>/dev/null; then
                all=$(grep -lzxF -e "$1" /proc/[0-9]*/cmdline 2>/dev/null)
            else
                all=$(echo /proc/[0-9]*/cmdline)
            fi
            for file in $all; do
                tr '\0' '\n' <"$file" 2>/dev/null | sed -n 4p | grep -qxF "$1" || continue
                pid=${file#/proc/}
                echo "${pid%/cmdline}"
            done
        }
        turn=0
        while found=$(find_them "$1") && [ -n "$found" ] && [ "$turn" -lt 20 ]; do
            for pid in $found; do kill -s KILL -- "-$pid" 2>/dev/null; done
            sleep 0.1 2>/dev/null || sleep 1
            turn=$((turn + 1))
        done
        [ -z "$(find_them "$1")" ]
        """#

    /// Spoils the first byte of every file below a folder that carries the run's marker, or above it does.
    ///
    /// Arguments: the file or folder, the run, the folder for the bytes that were there.
    static let damage = #"""
        set -eu
        [ ! -L "$1" ] || { echo "$1 is a link; it was left alone" >&2; exit 1; }
        if [ -d "$1" ]; then real=$(cd "$1" && pwd -P); else real=$(cd "${1%/*}" && pwd -P)/${1##*/}; fi
        above=$real
        while [ -L "$above/.lifeboat-drill" ] || [ "$(cat "$above/.lifeboat-drill" 2>/dev/null)" != "$2" ]; do
            above=${above%/*}
            [ -n "$above" ] || { echo "nothing above $1 carries the marker of this run: it is no copy of ours" >&2; exit 1; }
        done
        mkdir -p "$3"
        : >>"$3/damaged"
        find "$real" -xdev -type f -size +0c ! -name .lifeboat-drill | while IFS= read -r file; do
            byte=$(dd if="$file" bs=1 count=1 2>/dev/null | od -An -tu1 | tr -d ' ')
            echo "$byte $file" >>"$3/damaged"
            mode=$(stat -c %a "$file")
            chmod u+w "$file"
            printf "\\$(printf %03o $(((byte + 1) % 256)))" | dd of="$file" bs=1 count=1 conv=notrunc 2>/dev/null
            chmod "$mode" "$file"
        done
        [ -s "$3/damaged" ] || { echo "there is nothing to spoil below $1" >&2; exit 1; }
        """#

    /// Arguments: the folder with the bytes that were there.
    static let mend = #"""
        [ -e "$1/damaged" ] || exit 0
        status=0
        while read -r byte file; do
            [ -e "$file" ] || continue
            mode=$(stat -c %a "$file")
            chmod u+w "$file"
            printf "\\$(printf %03o "$byte")" | dd of="$file" bs=1 count=1 conv=notrunc 2>/dev/null || status=1
            chmod "$mode" "$file"
        done <"$1/damaged"
        [ "$status" -ne 0 ] || mv "$1/damaged" "$1/mended"
        exit "$status"
        """#
}
