// SPDX-License-Identifier: Apache-2.0

/// The shell scripts of probes that go on for ever: POSIX sh, nothing of ours is installed.
///
/// Everything lies in `~/.lifeboat-probes/WORKSPACE/PROBE`. Each begin of the loop is an epoch of its own
/// (`e.1`, `e.2` …), whose samples lie in segments of 4,096 numbers. A loop that nobody has asked for a week
/// ends, and never keeps more than 64 segments, about 12 MB.
enum StandingScripts {
    static let segmentLength = 4_096

    /// The loop of one epoch.
    ///
    /// A `date` that knows no nanoseconds, as busybox's, gives whole seconds.
    ///
    /// Arguments as `ProberScript`'s. `first` holds the first planned instant, the period, and the host's wall
    /// clock then. The samples are begun from a subshell that ends at once, so that the loop itself has no
    /// children to remember.
    static let loop =
        "#!/bin/sh\n" + ProberScript.asking + #"""

            sample() {
                number=$1 planned=$2
                shift 2
                now
                begun=$at
                "ask_$kind" "$@"
                now
                echo "$number $planned $begun $at $state $word" >>"samples.$((number / 4096))"
            }

            now
            first=$at
            echo "$first $every $(date +%s.%N | sed 's/[^0-9.].*//; s/[.]$//')" >first.new
            mv first.new first
            number=0
            while [ ! -e stop ]; do

            """# + ProberScript.pacing + #"""

                (sample "$number" "$planned" "$@" </dev/null >/dev/null 2>&1 &)
                number=$((number + 1))
                if [ $((number % 512)) -eq 0 ]; then
                    [ -n "$(find ../contact -mmin -10080 2>/dev/null)" ] || break
                    rm -f "samples.$((number / 4096 - 64))"
                fi
            done
            """#

    /// Begins a loop, unless the same one is running; another one is told to end.
    ///
    /// Arguments: workspace, probe, what identifies the loop, the size of the input, and the loop's own.
    /// Input: the loop.
    static let begin =
        folder + #"""
            id=$1 size=$2
            shift 2
            mkdir -p "$dir"
            cd "$dir" || exit 1
            : >contact
            if [ "$(alive)" = "$id" ]; then exit 0; fi
            number=$(cat last 2>/dev/null || echo 0)
            [ ! -d "e.$number" ] || : >"e.$number/stop"
            number=$((number + 1))
            rm -rf "e.$number"
            mkdir "e.$number"
            cat >"e.$number/script"
            [ "$(wc -c <"e.$number/script")" -eq "$size" ] || { echo "the loop arrived cut short" >&2; exit 74; }
            echo "$number" >last.new
            mv last.new last
            cat /proc/sys/kernel/random/boot_id >"e.$number/boot"
            setsid sh "$dir/e.$number/script" "$dir/e.$number" "$@" </dev/null >"e.$number/log" 2>&1 &
            echo "$(cat "e.$number/boot") $! $id" >loop.new
            mv loop.new loop
            turn=0
            while [ ! -e "e.$number/first" ] && [ "$turn" -lt 50 ]; do
                sleep 0.1 2>/dev/null || sleep 1
                turn=$((turn + 1))
            done
            [ -e "e.$number/first" ] || { echo "the loop did not begin: $(tail -n 1 "e.$number/log")" >&2; exit 1; }
            """#

    /// Prints samples behind a place, and where they stand.
    ///
    /// Arguments: workspace, probe, epoch, segment, offset in bytes, the lines that the next segment must
    /// have for this one to be over. Epoch 0 asks for the oldest.
    ///
    /// First line: `absent`, or `UPTIME WALL BOOT RUNNING`, where RUNNING identifies the loop, `-` for none.
    /// Second line: `EPOCH SEGMENT OFFSET BOOT FIRST EVERY WALL over|next|open`; nothing behind it when there
    /// is no such epoch. Then the samples. `over`: the next epoch is to be asked for; `next`: the next segment.
    static let pull =
        folder + #"""
            epoch=$1 segment=$2 offset=$3 slack=$4
            cd "$dir" 2>/dev/null || { echo absent; exit 0; }
            : >contact
            read -r up rest </proc/uptime
            running=$(alive)
            echo "$up $(date +%s.%N | sed 's/[^0-9.].*//; s/[.]$//') $(cat /proc/sys/kernel/random/boot_id) ${running:--}"
            newest=$(cat last 2>/dev/null || echo 0)
            while [ "$epoch" -le "$newest" ] && [ ! -e "e.$epoch/first" ]; do
                epoch=$((epoch + 1)) segment=-1 offset=0
            done
            [ "$epoch" -le "$newest" ] || exit 0
            cd "e.$epoch" || exit 0
            lowest=-1 highest=-1
            for file in samples.*; do
                [ -e "$file" ] || continue
                number=${file#samples.}
                if [ "$lowest" -lt 0 ] || [ "$number" -lt "$lowest" ]; then lowest=$number; fi
                if [ "$number" -gt "$highest" ]; then highest=$number; fi
            done
            if [ "$segment" -lt "$lowest" ]; then segment=$lowest offset=0; fi
            state=open
            if [ "$highest" -gt "$segment" ]; then
                if [ "$highest" -gt $((segment + 1)) ] || [ "$(wc -l <"samples.$highest")" -gt "$slack" ]; then
                    state=next
                fi
            elif [ "$epoch" -lt "$newest" ]; then
                state=over
            fi
            echo "$epoch $segment $offset $(cat boot) $(cat first) $state"
            [ "$segment" -lt 0 ] || tail -c "+$((offset + 1))" "samples.$segment" 2>/dev/null
            exit 0
            """#

    /// Removes what is in the ledger by now.
    ///
    /// Arguments: workspace, probe, epoch, segment; segment `all` for the whole epoch.
    static let drop =
        folder + #"""
            cd "$dir" 2>/dev/null || exit 0
            if [ "$2" = all ]; then rm -rf "e.$1"; else rm -f "e.$1/samples.$2"; fi
            """#

    /// Prints the probes that there are folders of.
    ///
    /// Arguments: workspace.
    static let list = #"""
        cd "$HOME/.lifeboat-probes/$1" 2>/dev/null || exit 0
        for probe in *; do
            [ ! -e "$probe/last" ] || echo "$probe"
        done
        """#

    /// Ends a loop and removes all of it.
    ///
    /// Arguments: workspace, probe.
    static let remove =
        folder + #"""
            cd "$dir" 2>/dev/null || exit 0
            number=$(cat last 2>/dev/null || echo 0)
            [ ! -d "e.$number" ] || : >"e.$number/stop"
            if [ -n "$(alive)" ]; then
                read -r boot pid id <loop
                kill -s TERM -- "-$pid" 2>/dev/null
            fi
            cd / && rm -rf "$dir" && rmdir "${dir%/*}" "${dir%/*/*}" 2>/dev/null
            exit 0
            """#

    /// Names the probe's folder, and says which loop lives: of this boot, and with the folder in its command.
    private static let folder = #"""
        set -u
        umask 077
        dir=$HOME/.lifeboat-probes/$1/$2
        shift 2
        alive() {
            [ -e "$dir/loop" ] || return 0
            read -r loop_boot loop_pid loop_id <"$dir/loop"
            [ "$loop_boot" = "$(cat /proc/sys/kernel/random/boot_id)" ] || return 0
            tr '\0' ' ' <"/proc/$loop_pid/cmdline" 2>/dev/null | grep -qF "$dir/e." || return 0
            echo "$loop_id"
        }

        """#
}
