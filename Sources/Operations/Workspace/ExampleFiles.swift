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
            "Drills/answers/orders_from_dump.yaml",
            ###"""
            # Answers for a run that nobody attends, such as the lab's; they count neither as decisions nor as people.
            declare: go
            reconcile: done

            """###
        ),
        (
            "Drills/answers/ransomware_clean_point.yaml",
            ###"""
            # Answers for a run that nobody attends, such as the lab's; they count neither as decisions nor as people.
            declare: go
            owner_looks: yes_all

            """###
        ),
        (
            "Drills/answers/ransomware_friday_talk.yaml",
            ###"""
            # Answers for a run that nobody attends; they count neither as decisions nor as evidence about people.
            brief: read
            who_leads: "Dana, page 3 of the plan"
            declare: observe
            which_copy: "The vault's, by the last passed drill; only the vault's key may read it"
            tell: "We are restoring the file service; the next word comes at 18:30"
            hotwash: "everybody knew the plan; nobody had it on paper"

            """###
        ),
        (
            "Drills/answers/walkthrough_files.yaml",
            ###"""
            # Answers for a run that nobody attends; they count neither as decisions nor as evidence about people.
            know_the_way: shown
            gaps: "the runbook names a host that is gone"

            """###
        ),
        (
            "Drills/file-service-at-second-site.yaml",
            ###"""
            # yaml-language-server: $schema=scenario.schema.json
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
            # yaml-language-server: $schema=scenario.schema.json
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
            "Drills/orchestrator-ledger-lost.yaml",
            ###"""
            # yaml-language-server: $schema=scenario.schema.json
            # Lifeboat's own machine is lost with its ledger: go on from another host with the recovery kit and the stores.
            #
            # The kit (plan and keys, and nothing else) is what you keep in a safe; here it is made where the drill runs
            # and reaches the host as standard input, never as a file that others may read. The ledger is made again from
            # what the stores know, and the proof is that the newest point is known, restores, and holds the canary.
            #
            #     lifeboat drill plan Drills/orchestrator-ledger-lost.yaml
            #
            # The host needs the program itself, of the same version, and must reach the stores over ssh.
            drill: 1
            id: ledger_lost
            title: The orchestrator is lost with its ledger, go on from another host
            exercise: simulation            # desk_check, walkthrough, tabletop, sand_table, simulation, partial or full
            mode: sandbox
            services: [continuity]

            vars:
              scratch: "/srv/drill/{{run.id}}"
              workspace: /srv/lifeboat-workspace
              program: /usr/local/bin/lifeboat

            secrets:
              kit: {command: [tar, -C, "{{workspace}}", -c, Plans, .lifeboat/keys]}

            clock:
              continuity:
                outage_begins: {mark: orchestrator_lost}
                not_measured:
                  - {part: detect, assume: 15m, because: a monitor notices that no backup came}
                  - {part: decide, assume: 15m, because: the safe is opened by two people}

            roles:
              conductor: {people: [dana]}

            safety:
              hosts: [north-dr]
              max_duration: 1h
              hold_retention: [documents]
              require:
                - {copies_of: documents, at_least: 1}

            restored_when:
              continuity:
                all:
                  - {step: chain_whole}
                  - {step: knows_newest}
                  - {step: canary_chain}

            steps:
              - id: newest
                title: What the ledger knows before it is lost
                phase: prepare
                restore: {dataset: documents, plan_only: true}
                save: {point: point}

              - id: room
                title: An empty, marked place that becomes a workspace
                phase: prepare
                run: [install, -d, -m, "0700", "{{scratch}}"]
                host: north-dr
                timeout: 30s
                undo: {clean: {path: "{{scratch}}", marker: "{{run.id}}"}}

              - {id: lost, phase: disrupt, mark: orchestrator_lost}

              - id: open_kit
                title: The kit from the safe, plan and keys
                phase: recover
                run: [tar, -x, -C, "{{scratch}}"]
                stdin: kit
                host: north-dr
                timeout: 1m
                undo: none
                because: the folder it writes to has its own clean-up

              - id: rebuild
                title: The ledger, from what the stores know
                phase: recover
                # Ends with 1 when something may be missing, which is then printed and is no failure of the rebuilding.
                shell: |
                  status=0
                  "$1" ledger rebuild --workspace "$2" || status=$?
                  [ "$status" -le 1 ]
                args: ["{{program}}", "{{scratch}}"]
                host: north-dr
                timeout: 15m
                expect: 1m
                undo: none
                because: the folder it writes to has its own clean-up

              - id: chain_whole
                title: The chain of the new ledger is whole
                phase: validate
                check: {host: north-dr, run: ["{{program}}", ledger, check, --workspace, "{{scratch}}"], stdout_contains: "whole:"}
                timeout: 1m

              - id: knows_newest
                title: It knows the newest point
                phase: validate
                check: {host: north-dr, run: ["{{program}}", points, documents, --json, --workspace, "{{scratch}}"], stdout_contains: "{{point}}"}
                timeout: 1m

              - id: restore_there
                title: And can restore it, from there
                phase: validate
                run: ["{{program}}", restore, documents, --to, "{{scratch}}/tree", --workspace, "{{scratch}}"]
                host: north-dr
                timeout: 30m
                expect: 2m
                undo: none
                because: the folder it writes to has its own clean-up

              - id: canary_chain
                title: Which acknowledged records it brought back
                phase: validate
                verify: {canary: files_seq, host: north-dr, path: "{{scratch}}/tree/.canary", no_holes: true}
                timeout: 2m

            """###
        ),
        (
            "Drills/orders-from-dump.yaml",
            ###"""
            # yaml-language-server: $schema=scenario.schema.json
            # The primary database is lost and there is no standby: bring it back at another site from its newest dump.
            #
            # A real insert every 200 ms is the canary, as in orders-promote-standby.yaml: what was answered and is not
            # in the restored rows was lost, and is counted. The dump is made by the drill itself, as the schedule would.
            #
            #     lifeboat drill plan Drills/orders-from-dump.yaml
            #
            # The plan needs the hosts pg-a, pg-b and watch, the dataset orders_dump and the service orders. Clients
            # find the writable server by themselves (target_session_attrs), as libpq can.
            drill: 1
            id: orders_from_dump
            title: The primary database is lost, restore it at the other site from its dump
            exercise: simulation            # desk_check, walkthrough, tabletop, sand_table, simulation, partial or full
            mode: sandbox
            services: [orders]

            vars:
              bin: /usr/lib/postgresql/15/bin
              account: postgres
              data_a: /var/lib/postgresql/15/a
              scratch_b: "/srv/drill/{{run.id}}"
              address_b: pg-b.example
              port_c: "5433"
              network: samenet              # whose clients are let in without a password, for the hour of the drill
              local_c: "host=pg-b.example port=5433 user=postgres dbname=orders"
              clients_c: "host=pg-a.example,pg-b.example port=5432,5433 user=postgres dbname=orders target_session_attrs=read-write connect_timeout=1"

            clock:
              orders:
                outage_begins: {probe: orders_write, first: down}

            roles:
              conductor: {people: [dana]}
              owner: {people: [petra]}

            safety:
              hosts: [pg-a, pg-b]
              max_duration: 1h
              hold_retention: [orders_dump]

            probes:
              orders_write:
                from: [watch]
                every: 200ms
                timeout: 2s
                database: "{{clients_c}}"
                as: "{{account}}"
                sql: "insert into drill_canary (n) values (:number)"

            restored_when:
              orders:
                all:
                  - {probe: orders_write, up_for: 2s, min_good: 8}
                  - {step: tree_matches}
                  - {step: rows}

            steps:
              - id: room
                title: An empty, marked place for dump and server
                phase: prepare
                run: [install, -d, -m, "0700", -o, "{{account}}", "{{scratch_b}}"]
                host: pg-b
                timeout: 30s
                undo: {clean: {path: "{{scratch_b}}", marker: "{{run.id}}"}}

              - id: writes_flow
                title: Writes are answered before anything is broken
                phase: prepare
                wait_for: {probe: orders_write, up_for: 2s, deadline: 1m}

              - id: dump
                title: A dump, as the schedule makes them
                phase: prepare
                backup: {dataset: orders_dump, full: true}
                expect: 1m

              - id: more_writes
                title: What is written behind the dump is what will be lost
                phase: prepare
                run: [sleep, "2"]
                host: pg-b
                reads_only: true
                timeout: 10s

              - id: kill_primary
                title: The primary dies as in a power cut
                phase: disrupt
                fault:
                  kind: service_kill
                  host: pg-a
                  pid_file: "{{data_a}}/postmaster.pid"
                  # Children of a killed primary hold its memory for a moment, so a start is tried for half a minute.
                  start: [sh, -c, 'cd / && for turn in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do runuser -u "$1" -- "$2/pg_ctl" start -w -D "$3" -l "$3/drill.log" && exit 0; sleep 2; done; exit 1', start, "{{account}}", "{{bin}}", "{{data_a}}"]
                  ttl: 1h
                confirm: {probe: orders_write, down_for: 1s}
                heal: {auto: start, at: end}
                timeout: 1m

              - {id: primary_lost, phase: disrupt, mark: primary_lost}

              - id: declare
                phase: decide
                decision:
                  role: owner
                  ask: "The database is lost. Restore the newest dump at the other site? What was written since will be missing."
                  options: [{id: go, label: Restore the dump}, {id: stay, label: Repair the primary}]
                  expect: 5m
                  give_up: 30m
                save: {choice: answer}

              - id: extract
                title: The newest dump that lies at the other site
                phase: recover
                when: {answer: choice, is: go}
                restore: {dataset: orders_dump, from: north, at: {mark: primary_lost}, to: {host: pg-b, path: "{{scratch_b}}/dump"}}
                timeout: 30m
                expect: 1m
                undo: none
                because: the folder it writes to has its own clean-up

              - id: serve
                title: A new server, filled from the dump
                phase: recover
                script: scripts/pg-from-dump.sh
                args: ["{{bin}}", "{{account}}", "{{scratch_b}}/dump/orders.dump", "{{scratch_b}}/data", "{{address_b}}", "{{port_c}}", "{{network}}", orders]
                host: pg-b
                timeout: 30m
                expect: 1m
                undo: {script: scripts/pg-stop.sh, args: ["{{bin}}", "{{account}}", "{{scratch_b}}/data"]}

              - id: writes_again
                title: Clients write again
                phase: recover
                wait_for: {probe: orders_write, up_for: 2s, deadline: 2m}

              - id: tree_matches
                title: The dump is the one that was archived
                phase: validate
                needs: [extract]
                verify: {tree: {host: pg-b, path: "{{scratch_b}}/dump"}, against: {step: extract}, level: every_hash}
                prove_red: [{flip_byte: 1}]
                timeout: 5m

              - id: rows
                title: Which answered writes came back, without a hole
                phase: validate
                needs: [writes_again]
                verify:
                  writes: orders_write
                  sql: {host: pg-b, as: "{{account}}", database: "{{local_c}}", query: "select n from drill_canary"}
                  no_holes: true
                save: {lost: lost_count, lost_window: lost_window}
                timeout: 1m

              - id: reconcile
                title: What was lost is known to its owner
                phase: work
                human:
                  role: owner
                  ask: "{{lost}} answered writes of {{lost_window}} are missing. Entered again, or accepted?"
                  answers: [{id: done, pass: true}, {id: open, pass: false}]
                  expect: 20m
                  give_up: 2h

            """###
        ),
        (
            "Drills/orders-promote-standby.yaml",
            ###"""
            # yaml-language-server: $schema=scenario.schema.json
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
            # yaml-language-server: $schema=scenario.schema.json
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
            # The conductor says when each piece of news is told ('lifeboat drill next', 'drill answer first_sign tell'); the
            # board shows the story's time. With answers from a file nobody waits.
            pace: {driven_by: conductor, story_clock: real}
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

            after:
              # Made as soon as the run is closed; 'to:' copies it to a folder or a host.
              report: {formats: [json, md, html]}
              observations: {roles: [conductor], scale: PSMU, per: objective, deadline: 2d}
              findings: {auto: [late_decision, hint_used], owner: dana, due: 30d, retest: 90d}

            """###
        ),
        (
            "Drills/ransomware-newest-clean-point.yaml",
            ###"""
            # yaml-language-server: $schema=scenario.schema.json
            # Ransomware: the near copies are damaged and the newest points hold what was encrypted already. Find the
            # newest clean point in the vault, where nothing can be changed, and bring the file service back from it.
            #
            # A sandbox: production goes on, and no copy of yours is touched. Near copies that are whole simply come
            # back; damaged ones must not, and the drill says so. 'accept' is the question that decides what is clean:
            # replace scripts/looks-clean.sh by your own scanner.
            #
            #     lifeboat drill plan  Drills/ransomware-newest-clean-point.yaml
            #     lifeboat drill start Drills/ransomware-newest-clean-point.yaml
            drill: 1
            id: ransomware_clean_point
            title: Ransomware, find the newest clean point in the vault and bring the files back
            exercise: simulation            # desk_check, walkthrough, tabletop, sand_table, simulation, partial or full
            mode: sandbox
            services: [files]

            vars:
              scratch: "/srv/drill/{{run.id}}"
              address: "0.0.0.0"
              port: "8080"

            # The outage is declared and not made, so its begin is a mark, and the report says so.
            clock:
              files:
                outage_begins: {mark: unreadable}
                not_measured:
                  - {part: detect, assume: 30m, because: nobody sees an attack at its first file}
                  - {part: cutover, assume: 10m, because: clients are not moved in a sandbox}

            roles:
              conductor: {people: [dana]}
              owner: {people: [petra]}

            safety:
              hosts: [north-dr]             # nothing else may be touched
              max_duration: 2h
              hold_retention: [documents]   # no copy may expire while we drill: the clean one may be the oldest
              require:
                - {copies_of: documents, at_least: 1, at_sites: [west]}

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

              - {id: report, phase: disrupt, inject: {to: [owner], story_time: "17:05", text: "Users report unreadable files."}}
              - {id: unreadable, phase: disrupt, mark: unreadable}

              - id: declare
                title: Somebody who may do so decides
                phase: decide
                decision:
                  role: owner
                  ask: "The files are unreadable. Recover them from the vault, to the newest clean point?"
                  options: [{id: go, label: Recover from the vault}, {id: wait, label: Look on}]
                  expect: 15m
                  give_up: 45m
                save: {declared: answer}

              # What an attacker could reach is tried first, because it is nearest. It need not pass: a damaged copy
              # must be seen to be damaged, and never come back as if it were whole.
              - id: near
                title: What the copy in Beijing is worth
                phase: recover
                when: {answer: declared, is: go}
                critical: false
                restore:
                  dataset: documents
                  from: north
                  at: {mark: unreadable}
                  to: {host: north-dr, path: "{{scratch}}/near"}
                  accept: {script: scripts/looks-clean.sh}
                timeout: 30m
                expect: 2m
                undo: none
                because: the folder it writes to has its own clean-up

              # Restored, looked at, emptied, and one point further back, until one is clean.
              - id: extract
                title: The newest clean point of the vault
                phase: recover
                needs: [declare]
                when: {answer: declared, is: go}
                restore:
                  dataset: documents
                  from: west
                  at: {mark: unreadable}
                  to: {host: north-dr, path: "{{scratch}}/tree"}
                  accept: {script: scripts/looks-clean.sh, points: 8}
                timeout: 1h
                expect: 5m
                save: {clean_point: point, clean_time: consistency_time}
                undo: none
                because: the folder it writes to has its own clean-up

              - id: serve
                title: A file service over the clean tree
                phase: recover
                script: scripts/serve.sh
                args: ["{{scratch}}/tree", "{{address}}", "{{port}}"]
                host: north-dr
                timeout: 30s
                undo: {script: scripts/unserve.sh, args: ["{{scratch}}/tree"]}

              - id: answers
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
                title: A person agrees that this is the last good state
                phase: work
                needs: [answers, tree_matches, canary_chain]
                human:
                  role: owner
                  ask: "Point {{clean_point}} of {{clean_time}} is the newest clean one. Are these your files?"
                  answers: [{id: yes_all, pass: true}, {id: some_wrong, pass: false}, {id: cannot, pass: false}]
                  expect: 10m
                  give_up: 1h

            """###
        ),
        (
            "Drills/scripts/looks-clean.sh",
            ###"""
            #!/bin/sh
            # SPDX-License-Identifier: Apache-2.0
            #
            # Whether a restored folder looks as if ransomware had been at it: looks-clean.sh FOLDER
            # Ends with 0 when it looks clean, 1 when it does not; prints why. A stand-in for your own scanner.
            set -eu
            cd "$1"

            # The endings that such programs leave, and the notes they write.
            found=$(find . -xdev -type f \( -iname '*.locked' -o -iname '*.encrypted' -o -iname '*.crypt' -o -iname '*ransom*' \
                -o -iname '*readme*decrypt*' -o -iname '*recover*files*' \) | head -n 3)
            [ -z "$found" ] || { echo "names that ransomware leaves: $found" && exit 1; }

            # Texts that are none any more: encrypted bytes hold zeros, and text does not.
            texts=0 spoiled=0
            for ending in txt html md csv yaml json; do
                count=$(find . -xdev -type f -name "*.$ending" -size +0c | wc -l)
                good=$(find . -xdev -type f -name "*.$ending" -size +0c -exec grep -Il '' {} + | wc -l)
                texts=$((texts + count)) spoiled=$((spoiled + count - good))
            done
            [ "$((spoiled * 20))" -le "$texts" ] || { echo "$spoiled of $texts texts are no texts" && exit 1; }
            echo "looks clean: $spoiled of $texts texts are no texts"

            """###
        ),
        (
            "Drills/scripts/pg-from-dump.sh",
            ###"""
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
            "Drills/scripts/pg-stop.sh",
            ###"""
            #!/bin/sh
            # SPDX-License-Identifier: Apache-2.0
            #
            # Ends a PostgreSQL server: pg-stop.sh BIN ACCOUNT DATA. May be called twice, and when none was ever begun.
            set -eu
            bin=$1 account=$2 data=$3
            [ -s "$data/postmaster.pid" ] || exit 0
            cd / && runuser -u "$account" -- "$bin/pg_ctl" stop -m fast -w -D "$data"

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
            # yaml-language-server: $schema=scenario.schema.json
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
            # yaml-language-server: $schema=plan.schema.json
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
              # Two database servers and the machine that watches them. For a drill of the real primary say
              # 'drills: [live]' there, too; 'plan check' then reminds you that it is production.
              pg-a:
                site: hq
                ssh: {host: pg-a.example, user: drill, identity: keys/pg}
                host_key: "ssh-ed25519 SHA256:0m7gIh5q1J0mJc4mXo0J3m4kq1cUqB5kq3w8yU1bJxE"
                become: sudo
              pg-b:
                site: north
                ssh: {host: pg-b.example, user: drill, identity: keys/pg}
                host_key: "ssh-ed25519 SHA256:5pQe1u0y3Hq7oN4bT9sVw2cXr8dLk6fJm0aZg3iYhUo"
                become: sudo
                drills: [sandbox, live]
              watch:
                site: ops
                ssh: {host: watch.example, user: lifeboat, identity: keys/watch}
                host_key: "ssh-ed25519 SHA256:9xKd4vLr2tWq6bNf1hSj8mYp3cGz7uEa5oRi0kTlXyQ"
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
                # Three proven copies, one of them in another city, one where nothing can be deleted; and two keys, so
                # that the one that is kept away opens them when this one is lost ('lifeboat key escrow').
                copies: {to: [metro, north, west], at_least: 3, offsite: 1, append_only: 1, verified_within: 7d, recipients: 2}
                keep: {hourly: 48, daily: 14, weekly: 8, monthly: 12}
              # What a command prints, at the host where it runs; one that fails never becomes a point.
              orders_dump:
                source: {host: pg-a, command: [sudo, -u, postgres, pg_dump, --format=custom, orders], name: orders.dump}
                schedule: {full: "every 30m"}
                copies: {to: [metro, north, west], at_least: 3, offsite: 1, append_only: 1, verified_within: 7d, recipients: 2}
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
              orders:
                tier: core
                kind: business
                standby: hot
                datasets: [orders_dump]
                depends_on: [files]
                owner: petra
                instances: [pg-a]
                objectives: {rpo: 1h, rto: 30m, wrt: 1h, mtpd: 4h, mbco: "100 orders an hour"}
              # Lifeboat itself: without its ledger nobody knows which copies count.
              continuity:
                tier: standard
                kind: devops_platform
                datasets: [documents]
                owner: dana
                objectives: {rpo: 24h, rto: 4h}

            # How a service is seen to work: from another place than its own.
            probes:
              files_http: {from: [metro-nas], every: 5s, timeout: 2s, http: "http://files1.hq.example/health.txt"}
              hq_from_north: {from: [north-dr], every: 5s, timeout: 2s, http: "http://files1.hq.example/health.txt"}
              files_at_north: {from: [metro-nas], every: 1s, timeout: 900ms, http: "http://dr.north.example:8080/health.txt"}

            # Numbered records written into the data all the time. Which of them come back says what was lost.
            canaries:
              files_seq: {dataset: documents, path: .canary, every: 60s}

            # Who answers, decides and signs. A key makes a decision or an approval theirs. Roles of drills are those
            # that the scenarios name; the others are those whose word the maturity model takes ('lifeboat attest').
            people:
              petra: {roles: [owner, business, continuity_manager, top leader, cost owner, finance controller], key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDsVrd3fuDcHRoQ42H66/8hNlvVoY2BIB9/vjHzk3llZ"}
              dana: {roles: [conductor, continuity manager, availability manager, incident manager], key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGPCkZevDsfZAmaI871NME3cnit+gckZYLeuHlTEvsVE"}
              omar: {roles: [operator, monitoring owner, platform owner, product operations owner, capacity manager], key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEFEMvGajoFGMEyPP6Q5G53CDJzZEJ6SUd+79a070/Pd"}
              lin: {roles: [internal auditor, change manager, performance owner, head of service response team]}
              ines: {roles: [head of IT, chief architect, observer]}

            # What falls due, and when it may be done.
            calendar:
              - {scenario: files_at_north, every: quarter, window: "Sat 08:00-13:00", grace: 14d}
              - {scenario: ransomware_clean_point, every: 6mo, window: "Sat 08:00-13:00", grace: 30d}
              - {scenario: orders_promote_standby, every: 6mo, window: "Sun 06:00-09:00", grace: 30d}
              - {scenario: orders_from_dump, every: 6mo, window: "Sun 06:00-09:00", grace: 30d}
              - {scenario: ledger_lost, every: year, grace: 30d}
              - {scenario: ransomware_friday_talk, every: year, grace: 30d}
            # Maintenance that is announced in time ('lifeboat register maintenance') is left out of the agreed availability.
            maintenance:
              - {service: files, window: "Sun 02:00-04:00", announced: 72h, cap: 8h/month}

            # What was agreed for incidents, who looks after what, and what plans and drills are checked against.
            severities:
              major: {respond: 15m, notify: 30m, restore: 4h}
              minor: {restore: 3d}
            teams:
              recovery: {kind: disaster_recovery, members: [dana, omar], services: [files]}
            scenarios: [data_centre_lost, ransomware, operator_error]

            """###
        ),
    ]
}
