// SPDX-License-Identifier: Apache-2.0

/// Scenarios that together write every key of the format, each with a value that means something.
enum EveryKey {
    static let executed = #"""
        drill: 1
        id: files_at_north
        title: Everything that is carried out
        exercise: simulation
        mode: live
        announced: true
        author: omar
        services: [files]
        vars: {scratch: /srv/drill, word: x}
        secrets:
          token: {file: /etc/drill/token}
          pass: {command: [pass, show, drill]}
        clock:
          files:
            outage_begins: {probe: web, first: down}
            not_measured: [{part: detect, assume: 5m, because: announced}]
        roles:
          conductor: {people: [dana], deputy: [omar], present: required, heartbeat: 10m}
          owner: {people: [petra], may_act: true}
          observer: {people: [ines], may_act: false}
        safety:
          announce: {before: 72h, to: [customers], counts_as_maintenance: true}
          approvals: {need: 2, from: [owner, conductor], not_author: true, valid: 48h}
          hosts: [north-dr, pg-b, metro-nas]
          max_duration: 3h
          hold_retention: [documents]
          stop_if:
            - {before_pivot: true, probe: web, down_for: 8m, min_good: 3, because: too long}
            - {disk_free_below: {host: north-dr, path: /srv, value: 10%}, because: full}
            - {alert: real_outage, because: somebody else has one}
          require:
            - {copies_of: documents, at_least: 2, at_sites: [north]}
            - {backup_of: documents, younger_than: 24h, verified: true}
            - {no_open_incident: files}
            - {clock_bound_below: 200ms, hosts: [north-dr]}
            - {disk_free: {host: north-dr, path: /srv, at_least: 5GiB}}
            - {step: looked}
            - {check: asked}
        probes:
          web: {from: [metro-nas], every: 1s, timeout: 900ms, http: "http://192.0.2.1/", expect: up}
          port: {from: [metro-nas], every: 1s, timeout: 900ms, tcp: "192.0.2.1:22"}
          row: {from: [metro-nas], every: 1s, timeout: 900ms, sql: "insert into t values (:number)", database: orders, password: pass}
          row_as: {from: [metro-nas], every: 1s, timeout: 900ms, sql: "select 1", as: postgres}
          said: {from: [metro-nas], every: 1s, timeout: 900ms, command: [look, "{{secret.token}}"], secrets: [token]}
          known: {from: [metro-nas], every: 1s, timeout: 900ms, file_hash: {path: /srv/known, sha256: "9f86"}}
        restored_when:
          files:
            all:
              - {probe: web, up_for: 10s, min_good: 5, from_at_least: 1}
              - {any: [{step: tree}, {not: {answer: declared, is: stay}}]}
        steps:
          - id: looked
            title: Only looks
            phase: prepare
            run: [look, "{{word}}", "{{secret.token}}"]
            host: north-dr
            secrets: [token]
            stdin: pass
            timeout: 30s
            expect: 10s
            reads_only: true
            critical: true
            save: {seen: stdout}
          - {id: asked, phase: prepare, check: {host: north-dr, run: [ask], exit: 3, stdout_is: a, stdout_contains: a}, timeout: 5s}
          - id: room
            phase: prepare
            script: room.sh
            args: ["{{scratch}}"]
            hosts: [north-dr, metro-nas]
            confirm: {run: [test, -d, /srv], host: north-dr, exit: 1}
            undo: {clean: {path: "{{scratch}}", marker: "{{run.id}}", host: metro-nas}}
          - {id: word, phase: prepare, shell: 'echo "$1"', args: [b], host: north-dr, undo: {script: undo.sh, args: [a], host: metro-nas, timeout: 1m}}
          - {id: moved, phase: prepare, run: [a], host: north-dr, undo: {run: [b], timeout: 2m, confirm: {run: [c], host: metro-nas, exit: 2}}}
          - {id: left, phase: prepare, run: [a], host: north-dr, undo: none, because: nothing is left}
          - {id: sent, phase: prepare, notify: {text: begins, host: metro-nas, run: [mail]}}
          - {id: kept, phase: prepare, backup: {dataset: documents, full: true}}
          - id: stopped
            phase: disrupt
            fault: {kind: service_stop, host: north-dr, unit: web, how: immediate, mask: true, ttl: never, because: two writers}
            confirm: {probe: web, down_for: 3s}
            heal: {before_pivot: {script: heal.sh, args: [a]}, after_pivot: forbidden, at: end}
          - {id: site, phase: disrupt, fault: {kind: site_block, host: north-dr, site: hq, ttl: 5h}, confirm: {probe: port, down_for: 3s}, heal: {auto: nft_table}}
          - {id: net, phase: disrupt, fault: {kind: net_block, host: north-dr, addresses: [192.0.2.9], ttl: 5h}, confirm: {probe: port, down_for: 3s}, heal: {run: [heal]}}
          - {id: slow, phase: disrupt, fault: {kind: net_delay, host: north-dr, device: eth0, by: 50ms, ttl: 5h}, confirm: {probe: port, down_for: 3s}, heal: {auto: tc}}
          - {id: lossy, phase: disrupt, fault: {kind: net_loss, host: north-dr, device: eth0, share: 10%, ttl: 5h}, confirm: {probe: port, down_for: 3s}, heal: {auto: tc}}
          - {id: names, phase: disrupt, fault: {kind: dns_break, host: north-dr, ttl: 5h}, confirm: {probe: port, down_for: 3s}, heal: {auto: nft_table}}
          - {id: halted, phase: disrupt, fault: {kind: service_stop, host: north-dr, stop: [a], start: [b], ttl: 5h}, confirm: {probe: port, down_for: 3s}, heal: {auto: start}}
          - {id: killed, phase: disrupt, fault: {kind: service_kill, host: north-dr, pid_file: /run/a, start: [b], ttl: 5h}, confirm: {probe: port, down_for: 3s}, heal: {auto: start}}
          - {id: paused, phase: disrupt, fault: {kind: process_pause, host: north-dr, pid_file: /run/a, ttl: 5h}, confirm: {probe: port, down_for: 3s}, heal: {auto: continue}}
          - {id: filled, phase: disrupt, fault: {kind: disk_fill, host: north-dr, path: /srv, leave: 5MiB, ttl: 5h}, confirm: {probe: port, down_for: 3s}, heal: {auto: release}}
          - {id: frozen, phase: disrupt, fault: {kind: read_only, host: north-dr, path: /srv, ttl: 5h}, confirm: {probe: port, down_for: 3s}, heal: {auto: remount}}
          - {id: busy, phase: disrupt, fault: {kind: cpu_load, host: north-dr, workers: 2, ttl: 5h}, confirm: {probe: port, down_for: 3s}, heal: {auto: release}}
          - {id: large, phase: disrupt, fault: {kind: mem_load, host: north-dr, bytes: 5MiB, ttl: 5h}, confirm: {probe: port, down_for: 3s}, heal: {auto: release}}
          - {id: spoilt, phase: disrupt, fault: {kind: file_damage, host: north-dr, path: /srv/copy, ttl: 5h}, confirm: {probe: port, down_for: 3s}, heal: {auto: put_back}}
          - {id: revoked, phase: disrupt, fault: {kind: cred_revoke, host: north-dr, path: /srv/key, ttl: 5h}, confirm: {probe: port, down_for: 3s}, heal: {auto: put_back}}
          - {id: dark, phase: disrupt, fault: {kind: host_off, host: north-dr, off: [a], on: [b], ttl: 5h}, confirm: {probe: port, down_for: 3s}, heal: {auto: "on"}}
          - {id: away, phase: disrupt, fault: {kind: vault_absent, store: west}, confirm: {auto: vault}, heal: {auto: vault}}
          - {id: lost, phase: disrupt, mark: lost}
          - {id: seen, phase: detect, wait_for: {probe: web, down_for: 2s, deadline: 5m}}
          - id: declare
            phase: decide
            decision:
              role: owner
              ask: "Promote?"
              show: [web]
              options: [{id: go, label: Go, pass: true}, {id: stay, pass: false}]
              clock_from: lost
              expect: 3m
              give_up: 15m
              escalate: {after: 10m, to: conductor}
            save: {declared: answer}
          - id: both
            phase: recover
            when: {answer: declared, is: go}
            modes: [live, sandbox]
            needs: [declare]
            group:
              order: together
              need: any
              steps:
                - {id: one, check: {host: north-dr, run: [a]}}
                - {id: two, check: {host: north-dr, run: [b]}}
            on_fail: {approve: {need: 2, from: [owner, conductor], ask: "Go on?", give_up: 10m}}
          - {id: agreed, phase: recover, approve: {need: 1, from: [owner], ask: "Promote?", give_up: 10m}}
          - {id: chosen, phase: recover, restore: {dataset: documents, plan_only: true, at: {mark: lost}}, save: {chain: chain_id}}
          - {id: extract, phase: recover, restore: {dataset: documents, from: north, at: "2026-07-01T10:00:00Z", to: {host: north-dr, path: /srv/tree}, accept: {script: accept.sh, args: [a], points: 3}}, undo: {run: [rm]}}
          - {id: newer, phase: recover, restore: {dataset: documents, to: {host: north-dr, path: /srv/tree}, accept: {run: [a]}}, undo: {run: [rm]}}
          - {id: promote, phase: recover, pivot: true, sql: {host: north-dr, query: "select :'name'", variables: {name: x}, as: postgres, database: orders, expect_row: [t]}, confirm: {sql: {host: north-dr, query: "select 1", password: pass}}, undo: none, because: no way back}
          - {id: tree, phase: validate, verify: {tree: {host: north-dr, path: /srv/tree}, against: {step: extract}, level: every_hash}, prove_red: [{flip_byte: 1}, {drop_file: 1}], timeout: 5m}
          - {id: other_tree, phase: validate, verify: {tree: {host: north-dr, path: /srv/tree}, against: {point: "{{chain}}"}}, prove_red: [{flip_byte: 1}]}
          - {id: chain, phase: validate, verify: {canary: files_seq, host: north-dr, path: /srv/tree/.canary, no_holes: true}, save: {last: last_seq}}
          - {id: rows, phase: validate, verify: {writes: row, sql: {host: north-dr, query: "select n from t"}, no_holes: false}}
          - {id: called, phase: work, call: {file: lib/part.yaml, with: {where: /srv}}}
          - {id: swept, phase: return, clean: {path: "{{scratch}}", marker: "{{run.id}}"}, host: north-dr}
        after:
          report: {formats: [md, html], sign: ssh_key, template: aar-ip, to: [/mnt/audit, {host: metro-nas, path: /srv/audit}]}
          observations: {roles: [observer], scale: PSMU, per: objective, deadline: 5d}
          findings: {auto: [missed_target, late_step], owner: petra, due: 9d, retest: 90d}
        """#

    static let part = #"""
        part: 1
        id: part
        title: A part
        vars: {where: /tmp}
        steps:
          - {id: look, phase: work, run: [ls, "{{where}}"], host: north-dr, reads_only: true}
        """#

    static let talk = #"""
        drill: 1
        id: ransomware_friday_talk
        title: Everything that is said
        exercise: tabletop
        mode: talk
        services: [files]
        pace: {driven_by: conductor, story_clock: compressed, scale: 6}
        objectives: [{id: O1, text: in time, target: 15m}]
        roles:
          conductor: {people: [dana]}
          owner: {people: [petra]}
        steps:
          - {id: news, phase: disrupt, inject: {to: [owner], story_time: "17:05", text: "unreadable files"}}
          - {id: petra_gone, phase: detect, fault: {kind: person_absent, person: petra, role: owner}, confirm: {auto: role}, heal: {auto: role, at: end}}
          - {id: page_gone, phase: detect, fault: {kind: document_absent, document: runbook}, confirm: {auto: document}, heal: {auto: document}}
          - id: ask
            phase: decide
            human:
              role: conductor
              ask: "Who leads?"
              answers: text
              objective: O1
              attach: optional
              hint: {after: 10m, text: page 4}
              two_person: owner
              expect: 5m
              give_up: 30m
        after:
          observations: {roles: [owner], per: run}
          findings: {retest: within_next_cycle}
        """#
}
