// SPDX-License-Identifier: Apache-2.0

/// The loop that runs at a prober: POSIX sh, and `curl`, `timeout` or `bash` by the kind of probe.
///
/// Every sample is a process of its own, started on a fixed schedule, so that one that hangs never delays
/// the next. A planned instant that the loop came too late for leaves a gap in the numbers, which counts
/// as unknown. Times are the host's own since its boot, cut to 10 ms.
///
/// Arguments: the folder, the period and the time-out in milliseconds, `http`, `tcp`, `command`,
/// `sql` or `hash`, and what to ask. Each line of `samples`: number, planned, begun, ended (hundredths of a second), `up`,
/// `down` or `unknown`, and a word that says why.
enum ProberScript {
    static let text =
        #"""
        #!/bin/sh

        """# + asking + #"""

            sample() {
                number=$1 planned=$2
                shift 2
                now
                begun=$at
                "ask_$kind" "$@"
                now
                echo "$number $planned $begun $at $state $word" >>samples
            }

            : >>samples
            now
            first=$at
            number=0
            while [ ! -e stop ]; do

            """# + pacing + #"""

                sample "$number" "$planned" "$@" &
                number=$((number + 1))
            done
            wait
            """#

    /// Waits for the next planned instant; one that the loop came too late for is left out.
    static let pacing = #"""
            planned=$((first + number * every / 10))
            now
            left=$((planned - at))
            if [ "$left" -gt 0 ]; then
                sleep "$((left / 100)).$(printf %02d $((left % 100)))" 2>/dev/null || sleep 1
            elif [ $((0 - left)) -gt $((every / 10)) ]; then
                number=$((number + 1))
                continue
            fi
        """#

    /// What all loops begin with: going to the folder, the host's clock, and one function for each kind of
    /// question, which leaves `state` and `word`.
    static let asking = #"""
        PATH=$PATH:/usr/sbin:/sbin
        cd "$1" || exit 1
        shift
        every=$1 patience=$2 kind=$3
        shift 3
        seconds=$((patience / 1000)).$(printf %03d $((patience % 1000)))

        # Hundredths of a second since boot; the 1 in front keeps a leading zero from meaning octal.
        now() {
            read -r up rest </proc/uptime
            part=${up#*.}
            set -- "${up%%.*}" "$part"
            at=$(($1 * 100 + 1$2 - 100))
        }

        ask_http() {
            code=$(curl -sS -o /dev/null --noproxy '*' --max-time "$seconds" -w '%{http_code}' "$1" 2>/dev/null)
            status=$?
            case $status in
            0) case $code in 2* | 3*) state=up word=$code ;; *) state=down word=http_$code ;; esac ;;
            2 | 3 | 4 | 27 | 126 | 127) state=unknown word=curl_$status ;;
            28) state=down word=timeout ;;
            *) state=down word=curl_$status ;;
            esac
        }

        ask_command() {
            timeout "$seconds" "$@" >/dev/null 2>&1
            status=$?
            case $status in
            0) state=up word=0 ;;
            124) state=down word=timeout ;;
            125 | 126 | 127) state=unknown word=exit_$status ;;
            *) state=down word=exit_$status ;;
            esac
        }

        ask_hash() {
            found=$(timeout "$seconds" sha256sum -- "$1" 2>/dev/null)
            status=$?
            found=${found#\\}
            case $status in
            0) if [ "${found%% *}" = "$2" ]; then state=up word=same; else state=down word=changed; fi ;;
            124) state=down word=timeout ;;
            125 | 126 | 127) state=unknown word=exit_$status ;;
            *) state=down word=exit_$status ;;
            esac
        }

        # The sample's number arrives as a psql variable, so that a write can be told from all others.
        ask_sql() {
            account=$1 database=$2 query=$3
            set -- psql -X -w -q -A -t -v ON_ERROR_STOP=1 -v "number=$number"
            [ -z "$database" ] || set -- "$@" -d "$database"
            [ -z "$account" ] || set -- runuser -u "$account" -- "$@"
            printf '%s\n' "$query" | (cd / && timeout "$seconds" "$@" >/dev/null 2>&1)
            status=$?
            case $status in
            0) state=up word=0 ;;
            124) state=down word=timeout ;;
            # psql cannot be run at all: the prober is broken, not what it asks.
            125 | 126 | 127) state=unknown word=exit_$status ;;
            *) state=down word=psql_$status ;;
            esac
        }

        # Whoever accepts the connection is up; nothing is sent.
        ask_tcp() {
            command -v bash >/dev/null 2>&1 || { state=unknown word=no_bash && return; }
            ask_command bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$1" "$2"
        }
        """#

    /// Asks the loop to end; its last samples are waited for.
    ///
    /// Arguments: the folder.
    static let stop = #"""
        cd "$1" 2>/dev/null || exit 0
        : >stop
        """#

    /// Prints the whole lines of `samples` behind an offset.
    ///
    /// Arguments: the folder, the offset in bytes.
    static let pull = #"""
        cd "$1" 2>/dev/null || exit 0
        [ -e samples ] || exit 0
        tail -c "+$(($2 + 1))" samples
        """#
}
