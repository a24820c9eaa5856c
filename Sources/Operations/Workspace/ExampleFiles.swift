// SPDX-License-Identifier: Apache-2.0
// swift-format-ignore-file
// Written by Tests/Tools/embed-examples ('make examples'); change the files below Plans and Drills.

/// The files of a new workspace, by their paths in it.
package enum ExampleFiles {
    package static let all: [(name: String, text: String)] = [
        (
            "Drills/answers/files_at_north.yaml",
            ###"""
            # Answers for a drill that nobody attends: step, then answer. Each is recorded as 'by: file' and is no
            # evidence about people.
            #
            #     lifeboat drill start Drills/file-service-at-second-site.yaml --answers Drills/answers/files_at_north.yaml
            declare: go
            owner_looks: yes_all

            """###
        ),
        (
            "Drills/file-service-at-second-site.yaml",
            ###"""
            # The headquarters is lost: bring the file service back at another site, from archives alone.
            #
            # A sandbox: production goes on. The loss is real where it matters: the site that recovers and the site
            # that watches cannot reach the headquarters while the drill runs, so nothing can be taken from there.
            # What it measures: how long until the service answered with proven data (recovery time), and which
            # acknowledged records were not in it (recovery point).
            #
            #     lifeboat drill check Drills/file-service-at-second-site.yaml
            #     lifeboat drill plan  Drills/file-service-at-second-site.yaml
            #     lifeboat drill start Drills/file-service-at-second-site.yaml
            #
            # Hosts, sites, probes, canaries, datasets and people are those of the plan (Plans/example.yaml).
            drill: 1
            id: files_at_north
            title: The headquarters is lost, bring the file service back in Beijing from archives
            exercise: simulation            # desk_check, walkthrough, tabletop, sand_table, simulation, partial or full
            mode: sandbox
            services: [files]

            # The only places where values are put together. Copy this file and change them to your own.
            vars:
              scratch: "/srv/drill/{{run.id}}"
              address: "0.0.0.0"
              port: "8080"

            # When the outage of each service began: at the first answer that failed to come. What a drill cannot
            # show is assumed, named, and added to the recovery time as a projection.
            clock:
              files:
                outage_begins: {probe: files_http, first: down}
                not_measured:
                  - {part: detect, assume: 5m, because: the drill is announced}
                  - {part: cutover, assume: 10m, because: clients are not moved in a sandbox}

            roles:
              conductor: {people: [dana]}
              owner: {people: [petra]}

            safety:
              hosts: [north-dr, metro-nas]  # nothing else may be touched
              max_duration: 1h
              hold_retention: [documents]   # no copy may expire while we drill
              require:
                - {copies_of: documents, at_least: 1, at_sites: [north]}

            # The service counts as restored when all of these hold, from the last of them on.
            restored_when:
              files:
                all:
                  - {probe: files_at_north, up_for: 5s}
                  - {step: tree_matches}
                  - {step: canary_chain}

            steps:
              - id: room
                title: An empty, marked place for what is restored
                phase: prepare
                run: [install, -d, -m, "0700", "{{scratch}}"]
                host: north-dr
                timeout: 30s
                undo: {clean: {path: "{{scratch}}", marker: "{{run.id}}"}}

              # Both cuts heal themselves after their time to live, by a timer on the host, even if this program,
              # its machine and its network die.
              - id: cut_at_north
                title: The site that recovers can reach nothing at the headquarters
                phase: disrupt
                fault: {kind: site_block, host: north-dr, site: hq, ttl: 30m}
                confirm: {probe: hq_from_north, down_for: 2s}
                heal: {auto: nft_table, at: end}
                timeout: 1m

              - id: cut_at_metro
                title: Nor can the site that watches
                phase: disrupt
                fault: {kind: site_block, host: metro-nas, site: hq, ttl: 30m}
                confirm: {probe: files_http, down_for: 2s}
                heal: {auto: nft_table, at: end}
                timeout: 1m

              - {id: hq_lost, phase: disrupt, mark: hq_lost}

              - id: declare
                title: Somebody who may do so decides
                phase: decide
                decision:
                  role: owner
                  ask: "The headquarters is gone. Recover the files in Beijing?"
                  options: [{id: go, label: Recover in Beijing}, {id: wait, label: Wait for the headquarters}]
                  expect: 15m
                  give_up: 45m
                save: {declared: answer}

              - id: extract
                title: The newest point that lies in Beijing
                phase: recover
                when: {answer: declared, is: go}
                # What became complete in Beijing after the loss does not count.
                restore: {dataset: documents, from: north, at: {mark: hq_lost}, to: {host: north-dr, path: "{{scratch}}/tree"}}
                timeout: 30m
                expect: 2m
                undo: none
                because: the folder it writes to has its own clean-up

              - id: serve
                title: A file service over the restored tree
                phase: recover
                script: scripts/serve.sh
                args: ["{{scratch}}/tree", "{{address}}", "{{port}}"]
                host: north-dr
                timeout: 30s
                undo: {script: scripts/unserve.sh, args: ["{{scratch}}/tree"]}

              - id: answers
                title: Seen from another city, the service answers
                phase: recover
                wait_for: {probe: files_at_north, up_for: 2s, deadline: 1m}

              - id: tree_matches
                title: Every file is the one that was archived
                phase: validate
                needs: [extract]
                verify: {tree: {host: north-dr, path: "{{scratch}}/tree"}, against: {step: extract}, level: every_hash}
                prove_red: [{flip_byte: 1}, {drop_file: 1}]    # the check must first fail on a spoiled copy
                timeout: 15m

              - id: canary_chain
                title: Which acknowledged records came back, without a hole
                phase: validate
                needs: [extract]
                verify: {canary: files_seq, host: north-dr, path: "{{scratch}}/tree/.canary", no_holes: true}
                save: {last_seq: last_seq}
                timeout: 2m

              - id: owner_looks
                title: A person opens real documents
                phase: work
                needs: [answers, tree_matches, canary_chain]
                human:
                  role: owner
                  ask: "Open five documents of the restored service. Are they right?"
                  answers: [{id: yes_all, pass: true}, {id: some_wrong, pass: false}, {id: cannot, pass: false}]
                  expect: 10m
                  give_up: 1h
                save: {owner_says: answer}

              - {id: work_recovered, phase: work, mark: work_recovered, when: {answer: owner_says, is: yes_all}}

            """###
        ),
        (
            "Drills/file-service-without-a-cut.yaml",
            ###"""
            # The twin of file-service-at-second-site.yaml for machines where a site cannot be cut off: the file
            # service at the headquarters is stopped for real instead.
            #
            # Only for a headquarters that is no production, such as a test lab's: the plan must allow drills on
            # files1 itself. Since the headquarters stays reachable, the drill does not prove that the recovery
            # works without it, and the report says so.
            drill: 1
            id: files_at_north_without_a_cut
            title: The file service is lost, bring it back in Beijing from archives
            exercise: simulation            # desk_check, walkthrough, tabletop, sand_table, simulation, partial or full
            mode: sandbox
            services: [files]

            # The only places where values are put together. Copy this file and change them to your own.
            vars:
              scratch: "/srv/drill/{{run.id}}"
              address: "0.0.0.0"
              port: "8080"
              file_service: /srv/files/file-service

            # When the outage of each service began: at the first answer that failed to come. What a drill cannot
            # show is assumed, named, and added to the recovery time as a projection.
            clock:
              files:
                outage_begins: {probe: files_http, first: down}
                not_measured:
                  - {part: detect, assume: 5m, because: the drill is announced}
                  - {part: cutover, assume: 10m, because: clients are not moved in a sandbox}

            roles:
              conductor: {people: [dana]}
              owner: {people: [petra]}

            safety:
              hosts: [files1, north-dr]    # nothing else may be touched
              max_duration: 1h
              hold_retention: [documents]   # no copy may expire while we drill
              require:
                - {copies_of: documents, at_least: 1, at_sites: [north]}

            # The service counts as restored when all of these hold, from the last of them on.
            restored_when:
              files:
                all:
                  - {probe: files_at_north, up_for: 5s}
                  - {step: tree_matches}
                  - {step: canary_chain}

            steps:
              - id: room
                title: An empty, marked place for what is restored
                phase: prepare
                run: [install, -d, -m, "0700", "{{scratch}}"]
                host: north-dr
                timeout: 30s
                undo: {clean: {path: "{{scratch}}", marker: "{{run.id}}"}}

              # The service starts again after its time to live, by a timer on the host, even if this program dies.
              - id: stop_files
                title: The file service at the headquarters stops
                phase: disrupt
                fault:
                  kind: service_stop
                  host: files1
                  stop: ["{{file_service}}", stop]
                  start: ["{{file_service}}", start]
                  ttl: 30m
                confirm: {probe: files_http, down_for: 2s}
                heal: {auto: start, at: end}
                timeout: 1m

              - {id: files_lost, phase: disrupt, mark: files_lost}

              - id: declare
                title: Somebody who may do so decides
                phase: decide
                decision:
                  role: owner
                  ask: "The file service is gone. Recover the files in Beijing?"
                  options: [{id: go, label: Recover in Beijing}, {id: wait, label: Wait for the service to come back}]
                  expect: 15m
                  give_up: 45m
                save: {declared: answer}

              - id: extract
                title: The newest point that lies in Beijing
                phase: recover
                when: {answer: declared, is: go}
                # What became complete in Beijing after the loss does not count.
                restore: {dataset: documents, from: north, at: {mark: files_lost}, to: {host: north-dr, path: "{{scratch}}/tree"}}
                timeout: 30m
                expect: 2m
                undo: none
                because: the folder it writes to has its own clean-up

              - id: serve
                title: A file service over the restored tree
                phase: recover
                script: scripts/serve.sh
                args: ["{{scratch}}/tree", "{{address}}", "{{port}}"]
                host: north-dr
                timeout: 30s
                undo: {script: scripts/unserve.sh, args: ["{{scratch}}/tree"]}

              - id: answers
                title: Seen from another city, the service answers
                phase: recover
                wait_for: {probe: files_at_north, up_for: 2s, deadline: 1m}

              - id: tree_matches
                title: Every file is the one that was archived
                phase: validate
                needs: [extract]
                verify: {tree: {host: north-dr, path: "{{scratch}}/tree"}, against: {step: extract}, level: every_hash}
                prove_red: [{flip_byte: 1}, {drop_file: 1}]    # the check must first fail on a spoiled copy
                timeout: 15m

              - id: canary_chain
                title: Which acknowledged records came back, without a hole
                phase: validate
                needs: [extract]
                verify: {canary: files_seq, host: north-dr, path: "{{scratch}}/tree/.canary", no_holes: true}
                save: {last_seq: last_seq}
                timeout: 2m

              - id: owner_looks
                title: A person opens real documents
                phase: work
                needs: [answers, tree_matches, canary_chain]
                human:
                  role: owner
                  ask: "Open five documents of the restored service. Are they right?"
                  answers: [{id: yes_all, pass: true}, {id: some_wrong, pass: false}, {id: cannot, pass: false}]
                  expect: 10m
                  give_up: 1h
                save: {owner_says: answer}

              - {id: work_recovered, phase: work, mark: work_recovered, when: {answer: owner_says, is: yes_all}}

            """###
        ),
        (
            "Drills/orders-promote-standby.yaml",
            ###"""
            # The primary database dies, its hot standby is promoted: PostgreSQL, streaming replication, live.
            #
            # A real insert every 200 ms is the canary: each sample of the probe 'orders_write' writes its own number,
            # so the probe's samples are the log of what was answered, and the rows are what came back. The old
            # primary is fenced before the promotion (the point of no return) and rebuilt as the new standby after it.
            #
            #     lifeboat drill plan Drills/orders-promote-standby.yaml
            #
            # The plan needs the hosts pg-a, pg-b and watch, and the service orders; PostgreSQL's own programs lie in
            # 'bin'. Clients find the writable server by themselves (target_session_attrs), as libpq can.
            drill: 1
            id: orders_promote_standby
            title: The primary database is lost, promote the hot standby at the other site
            exercise: full
            mode: sandbox                   # live needs approvals: see the comment under safety
            services: [orders]

            vars:
              bin: /usr/lib/postgresql/15/bin
              account: postgres
              data_a: /var/lib/postgresql/15/a
              data_b: /var/lib/postgresql/15/b
              address_a: pg-a.example
              address_b: pg-b.example
              port_a: "5432"
              port_b: "5432"
              local_a: "host=/var/run/postgresql port=5432 dbname=orders"
              local_b: "host=/var/run/postgresql port=5432 dbname=orders"
              clients: "host=pg-a.example,pg-b.example port=5432,5432 dbname=orders target_session_attrs=read-write connect_timeout=1"

            clock:
              orders:
                outage_begins: {probe: orders_write, first: down}

            roles:
              conductor: {people: [dana]}
              owner: {people: [petra]}

            # For a live run: mode live, 'approvals: {need: 2, from: [owner, conductor], not_author: true, valid: 48h}',
            # and 'present: required' for the conductor.
            safety:
              hosts: [pg-a, pg-b]
              max_duration: 1h
              require:
                - {step: standby_fit}

            probes:
              orders_write:
                from: [watch]
                every: 200ms
                timeout: 2s
                database: "{{clients}}"
                as: "{{account}}"
                sql: "insert into drill_canary (n) values (:number)"

            restored_when:
              orders:
                all:
                  - {probe: orders_write, up_for: 2s, min_good: 8}
                  - {step: no_holes}

            steps:
              - id: standby_fit
                title: Would a promotion work at all?
                phase: prepare
                check: {host: pg-b, run: [sh, -c, 'cd / && runuser -u "$1" -- psql -X -A -t -d "$2" -c "select pg_is_in_recovery()"', fit, "{{account}}", "{{local_b}}"], stdout_is: t}
                timeout: 30s

              - id: replicates
                title: The standby is connected and replays
                phase: prepare
                sql: {host: pg-a, as: "{{account}}", database: "{{local_a}}", query: "select count(*) from pg_stat_replication where state = 'streaming'", expect_row: ["1"]}
                reads_only: true
                timeout: 30s

              - id: writes_flow
                title: Writes are answered before anything is broken
                phase: prepare
                wait_for: {probe: orders_write, up_for: 2s, deadline: 1m}

              - id: kill_primary
                title: The primary dies as in a power cut
                phase: disrupt
                fault:
                  kind: service_kill
                  host: pg-a
                  pid_file: "{{data_a}}/postmaster.pid"
                  start: [sh, -c, 'cd / && for turn in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do runuser -u "$1" -- "$2/pg_ctl" start -w -D "$3" -l "$3/drill.log" && exit 0; sleep 2; done; exit 1', start, "{{account}}", "{{bin}}", "{{data_a}}"]
                  ttl: never
                # Children of a killed primary hold its memory for a moment, so a start is tried for half a minute.
                because: an automatic restart behind the promotion would make two primaries
                confirm: {probe: orders_write, down_for: 400ms}
                heal: {before_pivot: {run: [sh, -c, 'cd / && for turn in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do runuser -u "$1" -- "$2/pg_ctl" start -w -D "$3" -l "$3/drill.log" && exit 0; sleep 2; done; exit 1', start, "{{account}}", "{{bin}}", "{{data_a}}"]}, after_pivot: forbidden}
                timeout: 1m

              - id: noticed
                phase: detect
                wait_for: {probe: orders_write, down_for: 1s, deadline: 2m}

              - id: declare
                phase: decide
                decision:
                  role: owner
                  ask: "The primary does not answer. Promote the standby? Writes that it has not received will be lost."
                  options: [{id: promote, label: Promote}, {id: stay, label: Repair the primary}]
                  expect: 3m
                  give_up: 15m
                save: {choice: answer}

              - id: fence
                title: Prove that the old primary cannot take a write
                phase: recover
                when: {answer: choice, is: promote}
                group:
                  need: all
                  steps:
                    - id: fence_signal
                      title: Started again, it would come up as a standby, read-only
                      run: [runuser, -u, "{{account}}", --, touch, "{{data_a}}/standby.signal"]
                      host: pg-a
                      undo: none
                      because: the rebuild needs it, and before the promotion it only makes the old primary wait
                    - id: fence_dead
                      title: Nothing answers at its port
                      check: {host: pg-a, run: ["{{bin}}/pg_isready", -q, -h, "{{address_a}}", -p, "{{port_a}}", -t, "2"], exit: 2}

              - id: promote
                title: The standby becomes the primary
                phase: recover
                pivot: true                 # from here on an abort means: finish, and go the way back
                sql: {host: pg-b, as: "{{account}}", database: "{{local_b}}", query: "select pg_promote(true, 60)", expect_row: ["true"]}
                timeout: 90s
                confirm: {sql: {host: pg-b, as: "{{account}}", database: "{{local_b}}", query: "select pg_is_in_recovery()", expect_row: ["false"]}}
                undo: none
                because: a promotion cannot be undone, only followed by rebuilding the old primary

              - id: writes_again
                phase: recover
                wait_for: {probe: orders_write, up_for: 2s, deadline: 2m}

              - id: no_holes
                title: Which answered writes came back
                phase: validate
                verify:
                  writes: orders_write
                  sql: {host: pg-b, as: "{{account}}", database: "{{local_b}}", query: "select n from drill_canary"}
                  no_holes: true
                save: {lost: lost_count, lost_window: lost_window}
                timeout: 1m

              - id: rebuild
                title: The old primary becomes the new standby
                phase: protect
                script: scripts/pg-rebuild-standby.sh
                args: ["{{bin}}", "{{account}}", "{{data_a}}", "{{address_b}}", "{{port_b}}", "{{run.id}}"]
                host: pg-a
                timeout: 10m
                undo: none
                because: this is the way back

              - id: safe_again
                title: Redundancy is back
                phase: protect
                check:
                  host: pg-b
                  run: [sh, -c, 'cd / && for turn in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do found=$(runuser -u "$1" -- psql -X -A -t -d "$2" -c "select count(*) from pg_stat_replication where state = ''streaming''"); [ "$found" != 1 ] || break; sleep 1; done; echo "$found"', safe, "{{account}}", "{{local_b}}"]
                  stdout_is: "1"
                timeout: 1m

              - {id: redundant, phase: protect, mark: redundancy_restored}

            """###
        ),
        (
            "Drills/ransomware-friday-talk.yaml",
            ###"""
            # Ransomware on a Friday evening, at the table: who leads, who declares, which copy is clean, who tells.
            #
            # Nothing is executed in mode talk; the program keeps the clock, asks by role, escalates, gives hints and
            # writes down who said what and when. One key person cannot be reached, and one document is missing.
            #
            #     lifeboat drill start Drills/ransomware-friday-talk.yaml
            #     lifeboat drill answer who_leads "Petra, page 3 of the plan" --as petra      (from any terminal)
            drill: 1
            id: ransomware_friday_talk
            title: Ransomware on Friday, 17:05 (tabletop)
            exercise: tabletop
            mode: talk
            services: [files]
            objectives:
              - {id: O1, text: The disaster is declared by someone who may, target: 15m}
              - {id: O2, text: A clean copy is chosen with evidence, target: 30m}
              - {id: O3, text: Customers are told in time, target: 60m}

            roles:
              conductor: {people: [dana]}
              incident_lead: {people: [omar], deputy: [dana]}
              owner: {people: [petra]}

            steps:
              - id: brief
                phase: prepare
                human: {role: conductor, ask: "Read the rules aloud: no blame, nothing is touched, say REAL to stop.", answers: [{id: read, pass: true}], expect: 5m, give_up: 15m}

              - {id: first_sign, phase: disrupt, inject: {to: [incident_lead], story_time: "17:05", text: "Users report unreadable files with a new ending on the share."}}
              - {id: first_sign_mark, phase: disrupt, mark: first_sign}

              - id: omar_gone
                title: The usual lead cannot be reached
                phase: detect
                fault: {kind: person_absent, person: omar, role: incident_lead}
                confirm: {auto: role}
                heal: {auto: role, at: end}

              - id: who_leads
                phase: detect
                human: {role: incident_lead, ask: "Who leads now, and where is that written?", answers: text, objective: O1, expect: 5m, give_up: 15m}

              - id: declare
                phase: decide
                decision:
                  role: owner
                  objective: O1
                  ask: "Declare a disaster?"
                  options: [{id: declare, label: Declare}, {id: observe, label: Watch 30 more minutes}]
                  expect: 15m
                  escalate: {after: 10m, to: conductor}
                  give_up: 40m
                save: {declared: answer}

              - {id: worse, phase: decide, when: {answer: declared, is: observe}, inject: {to: [owner], story_time: "17:50", text: "A second share shows the same note."}}

              - id: runbook_gone
                title: The runbook lies on the share that is unreadable
                phase: recover
                fault: {kind: document_absent, document: runbook}
                confirm: {auto: document}
                heal: {auto: document, at: end}

              - id: which_copy
                phase: recover
                human:
                  role: incident_lead
                  objective: O2
                  ask: "Which copy do you restore, how do you know it is clean, who may touch it?"
                  answers: text
                  hint: {after: 10m, text: "What does the last passed restore drill say?"}
                  expect: 15m
                  give_up: 30m

              - id: tell
                phase: work
                human: {role: owner, objective: O3, ask: "Write the first customer notice now.", answers: text, expect: 10m, give_up: 20m}

              - id: hotwash
                phase: return
                human: {role: conductor, ask: "Each person: one strength, one gap.", answers: list, expect: 20m, give_up: 1h}

            """###
        ),
        (
            "Drills/scripts/pg-rebuild-standby.sh",
            ###"""
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

            """###
        ),
        (
            "Drills/scripts/serve.sh",
            ###"""
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

            """###
        ),
        (
            "Drills/scripts/unserve.sh",
            ###"""
            #!/bin/sh
            # SPDX-License-Identifier: Apache-2.0
            #
            # Ends what serve.sh began: unserve.sh FOLDER. May be called twice, and when nothing was ever served.
            set -eu
            folder=$1
            pid_file=$folder.http.pid
            [ -s "$pid_file" ] || exit 0
            pid=$(cat "$pid_file")

            # The number may belong to another process by now.
            ours() { tr '\0' '\n' <"/proc/$pid/cmdline" 2>/dev/null | grep -qxF "$folder"; }

            ! ours || kill "$pid"
            for _ in 1 2 3 4 5 6 7 8 9 10; do
                ours || { rm -f "$pid_file" && exit 0; }
                sleep 0.1
            done
            kill -KILL "$pid"
            rm -f "$pid_file"

            """###
        ),
        (
            "Drills/walkthrough-files.yaml",
            ###"""
            # A walkthrough of the file service's recovery: each person shows, on the real hosts, where they would
            # begin; only read-only looks are carried out, so nothing is changed and nothing has to be undone.
            drill: 1
            id: walkthrough_files
            title: Walk through the recovery of the file service
            exercise: walkthrough
            mode: sandbox
            services: [files]

            roles:
              conductor: {people: [dana]}
              owner: {people: [petra]}

            steps:
              - id: host_ready
                title: The host that would recover is there, and has room
                phase: prepare
                check: {host: north-dr, run: [df, -Pk, /], stdout_contains: "%"}

              - id: copies_there
                title: The copies are where the plan says
                phase: prepare
                restore: {dataset: documents, from: north, plan_only: true}
                save: {point: point}

              - id: know_the_way
                phase: recover
                human: {role: owner, ask: "Point {{point}} would be restored. Show the page of the runbook you would follow.", answers: [{id: shown, pass: true}, {id: not_found, pass: false}], expect: 10m, give_up: 1h}

              - id: gaps
                phase: return
                human: {role: conductor, ask: "What was missing?", answers: list, expect: 15m, give_up: 1h}

            """###
        ),
        (
            "Plans/example.yaml",
            ###"""
            # An example plan, annotated. Copy it, put your own places and machines in, and ask
            #
            #     lifeboat plan check Plans/yours.yaml
            #
            # which names every mistake with its line, and says when the plan cannot meet its own objectives.
            # Values have units (15m, 2h, 30%, 64MiB); times of day are in the plan's zone.
            lifeboat: 1                     # the format of this file
            workspace: example-shop         # names the archives: keep it for ever
            organisation: Example Shop
            zone: Asia/Shanghai

            # Where Lifeboat itself runs. Not at the site it protects, or the first disaster takes both.
            orchestrator: {site: ops}

            # Places. Two copies are independent only when no one event takes both: so each place has a building
            # (facility), a city (UN/LOCODE) and a region (ISO 3166-2), and copies are counted by them.
            sites:
              hq: {name: Shanghai headquarters, facility: PVG-1, city: CNSHA, region: CN-SH, production: true}
              ops: {name: Operations room, facility: PVG-3, city: CNSHA, region: CN-SH}
              metro: {name: Shanghai second hall, facility: PVG-7, city: CNSHA, region: CN-SH}
              north: {name: Beijing, facility: PEK-2, city: CNBJS, region: CN-BJ, coordinates: [39.9, 116.4]}
              west: {name: Chengdu, facility: CTU-1, city: CNCTU, region: CN-SC}

            # Machines: a stock sshd each, nothing of Lifeboat's. The host key is pinned here; another key, or an
            # unknown one, is refused ('lifeboat site trust' shows what a machine presents). What is not listed
            # under drills is never touched by a drill; the machine-id proves that it is the right machine.
            hosts:
              files1:
                site: hq
                ssh: {host: files1.hq.example, user: backup, identity: keys/hq}
                host_key: "ssh-ed25519 SHA256:i2yEC9ia9RwMcSY3r6u2WCqhByp3YqGGdYfNjv1rkTQ"
              metro-nas:
                site: metro
                ssh: {host: nas.metro.example, user: lifeboat, identity: keys/metro}
                host_key: "ssh-ed25519 SHA256:c7bsOQ8O7eIo+8hcfrruVna8QmQBB2mnnCqWzLerqjs"
                drills: [sandbox]
              north-dr:
                site: north
                ssh: {host: dr.north.example, user: drill, identity: keys/north}
                host_key: "ssh-ed25519 SHA256:J21Prnq2FqARv2c9q4LFXLsyxJ1zhoDRTAhElhLxLEY"
                machine_id: "8f1d4c0a52b94e7d9b63c7a5e1f20d48"
                become: sudo
                drills: [sandbox]
              west-vault:
                site: west
                ssh: {host: vault.west.example, user: vault, identity: keys/west}
                host_key: "ssh-ed25519 SHA256:Tk0HKw2CHY4J9Lig7S6XVEhj4eGj7MsHsVr638k9T2g"

            # Folders on those machines that hold copies. An append-only store takes new files and nothing else;
            # the sshd settings for that stand in the manual, and 'lifeboat site check' attacks it to see.
            stores:
              metro: {host: metro-nas, path: /srv/lifeboat}
              north: {host: north-dr, path: /srv/lifeboat}
              west: {host: west-vault, path: /srv/vault, append_only: true}

            # What is protected. A source without a host is a tree that this machine sees, such as a mount of hq.
            datasets:
              documents:
                source:
                  site: hq
                  path: /srv/files
                  exclude: ["*.tmp", ".cache/"]       # as in .gitignore, from the source down
                  must_be_mount: true                 # an unmounted share is an empty folder, not a backup
                  at_least: {files: 1000}
                  shrink_limit: 30%                   # more gone since the last run than this: ask a person
                schedule: {full: "daily 01:00", incremental: "every 15m"}
                # Three proven copies, one of them in another city, one where nothing can be deleted.
                copies: {to: [metro, north, west], at_least: 3, offsite: 1, append_only: 1, verified_within: 7d}
                keep: {hourly: 48, daily: 14, weekly: 8, monthly: 12}

            # What the business needs, and how soon. Objectives are what drills are measured against.
            #   rpo   the most that may be lost          rto   the longest until it works again, proven
            #   wrt   then, until the work is caught up  mtpd  the longest the business can bear in all
            #   mbco  the least that counts as working
            services:
              files:
                tier: core
                kind: business
                standby: cold
                datasets: [documents]
                owner: petra
                probes: [files_http]
                instances: [files1]
                objectives: {rpo: 1h, rto: 2h, wrt: 1h, mtpd: 8h, mbco: "read-write, 50 clients", availability: 99.9%}

            # How a service is seen to work: from another place than its own.
            probes:
              files_http: {from: [metro-nas], every: 5s, timeout: 2s, http: "http://files1.hq.example/health.txt"}
              hq_from_north: {from: [north-dr], every: 5s, timeout: 2s, http: "http://files1.hq.example/health.txt"}
              files_at_north: {from: [metro-nas], every: 1s, timeout: 900ms, http: "http://dr.north.example:8080/health.txt"}

            # Numbered records written into the data all the time. Which of them come back says what was lost.
            canaries:
              files_seq: {dataset: documents, path: .canary, every: 60s}

            # Who answers, decides and signs. A key makes a decision or an approval theirs.
            people:
              petra: {roles: [owner, business], key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDsVrd3fuDcHRoQ42H66/8hNlvVoY2BIB9/vjHzk3llZ"}
              dana: {roles: [conductor], key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGPCkZevDsfZAmaI871NME3cnit+gckZYLeuHlTEvsVE"}
              omar: {roles: [operator], key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEFEMvGajoFGMEyPP6Q5G53CDJzZEJ6SUd+79a070/Pd"}

            # What falls due, and when it may be done.
            calendar:
              - {scenario: files_at_north, every: quarter, window: "Sat 08:00-13:00", grace: 14d}
            maintenance:
              - {service: files, window: "Sun 02:00-04:00", announced: 72h, cap: 8h/month}

            """###
        ),
    ]
}
