// SPDX-License-Identifier: Apache-2.0

/// The shell scripts that a drill sends to its hosts: POSIX sh, util-linux `setsid`, nothing of ours.
///
/// They are sent as the argument of `sh -c` with their own arguments behind, so that no value is ever
/// pasted into a script. Each may be run again after a cut connection without doing its work twice.
enum HostScripts {
    /// Makes the run's folder at a host, marked as this run's, and leaves the supervisor in it.
    ///
    /// Arguments: run, host. Input: `supervisor`. Prints the folder's real path.
    static let prepare = #"""
        set -eu
        umask 077
        base=$HOME/.lifeboat-drills
        mkdir -p "$base"
        [ ! -L "$base" ] || { echo "$base is a link" >&2; exit 1; }
        dir=$base/$1.$2
        # Steps and probers of one run come here at the same moment: whoever is not the first waits for its mark.
        mkdir "$dir" 2>/dev/null || {
            turn=0
            while [ ! -e "$dir/marker" ] && [ "$turn" -lt 20 ]; do
                turn=$((turn + 1))
                sleep 0.1 2>/dev/null || sleep 1
            done
            # One that stayed empty was left by somebody who died here; its name is this run's.
            [ "$(cat "$dir/marker" 2>/dev/null)" = "$1" ] ||
                { [ ! -L "$dir" ] && [ -d "$dir" ] && [ -z "$(ls -A "$dir")" ]; } || {
                echo "$dir is there already and is not this run's" >&2
                exit 1
            }
        }
        printf '%s\n' "$1" >"$dir/marker.$$"
        mv "$dir/marker.$$" "$dir/marker"
        cat >"$dir/supervise.$$"
        mv "$dir/supervise.$$" "$dir/supervise"
        cd "$dir"
        pwd -P
        """#

    /// Runs `command` in the unit's folder once and keeps its times and its end.
    ///
    /// Arguments: the unit's folder, the limit in seconds (0 for none). It leads a session of its own, so a
    /// lost connection does not end it; the command leads another, so that it can be killed with all that
    /// it began. Times are the host's own, since its boot, cut to 10 ms.
    static let supervisor = #"""
        cd "$1" || exit 1
        limit=$2
        since_boot() { read -r up rest </proc/uptime && echo "$up"; }
        mkdir claimed 2>/dev/null || exit 0
        cat /proc/sys/kernel/random/boot_id >boot
        echo $$ >supervisor
        begun=$(since_boot)
        setsid sh ./command </dev/null >stdout 2>stderr &
        child=$!
        echo "$child $begun" >begun.new
        mv begun.new begun
        guard=
        if [ "$limit" -gt 0 ]; then
            setsid sh -c '
                sleep "$1"
                : >timed_out
                kill -s TERM -- "-$2"
                sleep 5
                kill -s KILL -- "-$2"' guard "$limit" "$child" </dev/null >/dev/null 2>&1 &
            guard=$!
        fi
        status=0
        wait "$child" || status=$?
        ended=$(since_boot)
        rm -f ./secret.*
        [ -z "$guard" ] || kill -s KILL -- "-$guard" 2>/dev/null
        echo "$status $ended" >ended.new
        sync ended.new 2>/dev/null
        mv ended.new ended
        """#

    /// Begins a unit, unless it was begun already.
    ///
    /// Arguments: the unit's folder, the limit in seconds, the command line, the size of the input.
    /// Input: the bytes of `script`; a cut connection must not leave a shorter one to be run.
    static let begin = #"""
        set -eu
        umask 077
        mkdir -p "$1"
        cd "$1"
        if [ ! -d claimed ]; then
            cat >script
            [ "$(wc -c <script)" -eq "$4" ] || { echo "the script arrived cut short" >&2; exit 74; }
            chmod 700 script
            printf '%s\n' "$3" >command
            setsid sh ../supervise "$1" "$2" </dev/null >supervisor.log 2>&1 &
        fi
        turn=0
        while [ ! -e begun ] && [ "$turn" -lt 100 ]; do
            sleep 0.1 2>/dev/null || sleep 1
            turn=$((turn + 1))
        done
        cat begun
        """#

    /// Lays a secret into a unit's folder, for its owner alone, unless the unit was begun already.
    ///
    /// Arguments: the unit's folder, the file's name, the size of the input. Input: the secret.
    static let keepSecret = #"""
        set -eu
        umask 077
        mkdir -p "$1"
        cd "$1"
        [ ! -d claimed ] || exit 0
        rm -f "$2"
        cat >"$2"
        [ "$(wc -c <"$2")" -eq "$3" ] || { rm -f "$2"; echo "the secret arrived cut short" >&2; exit 74; }
        """#

    /// Arguments: the unit's folder.
    static let dropSecrets = #"""
        cd "$1" 2>/dev/null || exit 0
        rm -f ./secret.*
        """#

    /// Says how far a unit is, after waiting a while for its end.
    ///
    /// Arguments: the unit's folder, tenths of a second to wait. Prints `absent`, `waiting`, `running PID
    /// BEGIN`, `lost PID BEGIN`, or `ended PID BEGIN STATUS END [timed_out]`.
    static let look = #"""
        cd "$1" 2>/dev/null || { echo absent; exit 0; }
        turn=0
        while [ ! -e ended ] && [ "$turn" -lt "$2" ]; do
            sleep 0.1 2>/dev/null || sleep 1
            turn=$((turn + 1))
        done
        if [ -e ended ]; then
            late=
            [ ! -e timed_out ] || late=timed_out
            echo ended $(cat begun) $(cat ended) $late
        elif [ ! -e begun ]; then
            echo waiting
        elif [ "$(cat boot)" = "$(cat /proc/sys/kernel/random/boot_id)" ] && kill -0 "$(cat supervisor)" 2>/dev/null; then
            echo running $(cat begun)
        else
            echo lost $(cat begun)
        fi
        """#

    /// Ends a unit with all that it began.
    ///
    /// Arguments: the unit's folder.
    static let kill = #"""
        cd "$1" 2>/dev/null || exit 0
        [ -e begun ] && [ ! -e ended ] || exit 0
        [ "$(cat boot)" = "$(cat /proc/sys/kernel/random/boot_id)" ] || exit 0
        read -r child rest <begun
        kill -s TERM -- "-$child" 2>/dev/null
        turn=0
        while [ ! -e ended ] && [ "$turn" -lt 50 ]; do
            sleep 0.1 2>/dev/null || sleep 1
            turn=$((turn + 1))
        done
        [ -e ended ] || kill -s KILL -- "-$child" 2>/dev/null
        """#

    /// Prints the end of what a unit printed.
    ///
    /// Arguments: the unit's folder, `stdout` or `stderr`, bytes.
    static let output = #"""
        cd "$1" 2>/dev/null || exit 0
        wc -c <"$2"
        tail -c "$3" "$2"
        """#

    /// Both clocks of the host and its boot.
    static let clock = #"""
        read -r up rest </proc/uptime
        echo "$up $(date +%s.%N) $(cat /proc/sys/kernel/random/boot_id)"
        """#

    /// Runs a command that only reads, before any run has a folder.
    ///
    /// Arguments: the limit in seconds, the command line. Input: the script.
    static let once = #"""
        set -eu
        umask 077
        folder=$(mktemp -d)
        trap 'rm -rf "$folder"' EXIT
        cd "$folder"
        cat >script
        chmod 700 script
        timeout "$1" sh -c "$2" </dev/null
        """#

    /// What identifies a host and what it can do.
    ///
    /// Prints `key value` lines.
    static let inspect = #"""
        PATH=$PATH:/usr/sbin:/sbin
        echo "machine_id $(cat /etc/machine-id 2>/dev/null)"
        echo "user $(id -un)"
        for tool in setsid nft curl sha256sum find timeout bash psql runuser tc systemctl; do
            if command -v "$tool" >/dev/null 2>&1; then echo "has $tool"; fi
        done
        if nft list tables >/dev/null 2>&1; then echo "can nft"; fi
        # In a network of its own, so that nothing of the host's is touched.
        if unshare -n sh -c 'ip link set lo up && tc qdisc add dev lo root netem delay 1ms' >/dev/null 2>&1; then
            echo "can netem"
        fi
        """#
}
