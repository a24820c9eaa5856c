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
