# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# What lies in the lab's folder: keys, sshd settings, the data to protect, and a workspace ready to use.

make_folders() {
    local site
    # Each site must be able to pass here with an account of its own.
    chmod 755 "$LAB"
    mkdir -p "$LAB/hub"
    install -d -m 700 "$LAB/keys"
    for site in "${SITES[@]}"; do
        install -d -m 755 "$LAB/$site" "$LAB/$site/run"
        site_address "$site" >"$LAB/$site/run/address"
        printf '%s\n' "127.0.0.1 localhost" "$(site_address "$site") $site" >"$LAB/$site/hosts"
        has_sshd "$site" || continue
        [[ -d $LAB/$site/sshd ]] || install -d -m 755 "$LAB/$site/sshd"
    done
    for site in metro north west; do install -d -m 700 "$LAB/$site/store"; done
    # A database's own account must be able to pass, too.
    install -d -m 711 "$LAB/north/drill"
    install -m 755 "$LAB_HOME/file-service" "$LAB/hq/file-service"
}

# A host key and a login key for each site, and where it is possible a machine-id; kept from one 'up' to
# the next, as a real machine would keep them.
make_keys() {
    local site
    for site in "${SITES[@]}"; do
        has_sshd "$site" || continue
        chmod u+w "$LAB/$site/sshd"
        make_key "$LAB/$site/sshd/host_key" "host key of $site"
        make_key "$LAB/keys/$site" "lifeboat to $site"
        install -m 444 "$LAB/keys/$site.pub" "$LAB/$site/sshd/authorized_keys"
        if [[ $MODE == address || ! -e /etc/machine-id ]]; then
            rm -f "$LAB/$site/machine-id"
        elif [[ ! -s $LAB/$site/machine-id ]]; then
            od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >"$LAB/$site/machine-id"
        fi
    done
}

make_key() {
    [[ -s $1 ]] || ssh-keygen -q -t ed25519 -N '' -C "$2" -f "$1"
}

# An account for the vault, where the lab may make one and the account can reach its folder.
make_vault_account() {
    (($(id -u) == 0)) || return 0
    if [[ $MODE == address ]] && ! setpriv --reuid 65534 --regid 65534 --clear-groups test -x "$LAB/west"; then
        echo "lab: warning: no other account can reach $LAB/west, so the vault runs as root" >&2
        return 0
    fi
    with_accounts_locked useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin \
        --password '*' "$VAULT_ACCOUNT"
    touch "$LAB/west/run/account"
    chown -R "$VAULT_ACCOUNT:" "$LAB/west/store"
}

# What is kept in the store afterwards belongs to no account that is gone.
remove_vault_account() {
    rm -f "$LAB/west/run/account"
    getent passwd "$VAULT_ACCOUNT" >/dev/null || return 0
    [[ ! -d $LAB/west/store ]] || chown -R root: "$LAB/west/store"
    with_accounts_locked userdel "$VAULT_ACCOUNT"
}

# useradd gives up at once when another lab is adding its account.
with_accounts_locked() {
    flock -w 60 /etc "$@" 8>&-
}

copy_data() {
    [[ ! -e $LAB/hq/data/health.txt ]] || return 0
    echo "lab: copying $1"
    rm -rf "$LAB/hq/data"
    mkdir "$LAB/hq/data"
    cp -a "$1/." "$LAB/hq/data/"
    # What the probes ask for: part of the data, so that only a service with restored data has it.
    echo "the file service is well" >"$LAB/hq/data/health.txt"
}

write_sshd_config() {
    local site=$1 here=$LAB/$1
    has_sshd "$site" || return 0
    if (($(id -u) == 0)); then
        unlock_root "$here/sshd/shadow"
        make_privilege_separation_folder
    fi
    rm -f "$here/sshd/config"
    cat >"$here/sshd/config" <<END
ListenAddress $(site_address "$site"):$(site_port "$site")
HostKey $here/sshd/host_key
PidFile $here/run/sshd.pid
AuthorizedKeysFile $here/sshd/authorized_keys
AllowUsers $(site_user "$site")
AuthenticationMethods publickey
PermitRootLogin prohibit-password
UsePAM no
UseDNS no
PrintMotd no
# The folder may lie below one that others can write to, such as /tmp.
StrictModes no
MaxStartups 100
MaxSessions 100
Subsystem sftp internal-sftp
END
    [[ $site != west ]] || write_vault_config "$here/sshd"
}

# Append-only: no command makes or opens anything but a new file. A vault that shares the user's account
# must not be able to open its own keys for writing either.
write_vault_config() {
    cat >>"$1/config" <<END
Match User $(site_user west)
  DisableForwarding yes
  PermitTTY no
  ForceCommand internal-sftp -p open,close,read,write,lstat,fstat,stat,opendir,readdir,mkdir,realpath,readlink,fsync,statvfs,fstatvfs,limits
END
    [[ $(site_user west) == "$VAULT_ACCOUNT" ]] || chmod -R a-w "$1"
}

# sshd refuses keys to an account whose password is locked. The site gets a shadow file of its own then.
unlock_root() {
    rm -f "$1"
    [[ $MODE == netns && $(getent shadow root | cut -d: -f2) == '!'* ]] || return 0
    (umask 077 && getent shadow | sed '/^root:/s/:[^:]*:/:*:/' >"$1")
}

# Sites with mounts of their own have their own /run/sshd.
make_privilege_separation_folder() {
    [[ $MODE == address && ! -d /run/sshd ]] || return 0
    mkdir -m 755 /run/sshd
    touch "$LAB/made-run-sshd"
}

remove_privilege_separation_folder() {
    [[ -e $LAB/made-run-sshd ]] || return 0
    pgrep -x sshd >/dev/null || rmdir /run/sshd 2>/dev/null || true
    rm -f "$LAB/made-run-sshd"
}

# ── the workspace ─────────────────────────────────────────────────────────────────────────────────

render_workspace() {
    local source=$LAB_HOME/../../Drills file
    install -d -m 755 "$DIR/Plans" "$DIR/Drills" "$DIR/Reports"
    install -d -m 700 "$DIR/.lifeboat" "$DIR/.lifeboat/keys"
    # Beside Lifeboat's own keys, so that whoever has these and the plan can go on elsewhere.
    for file in hq metro north west; do install -m 600 "$LAB/keys/$file" "$DIR/.lifeboat/keys/$file"; done
    render_plan >"$DIR/Plans/plan.yaml"
    [[ -d $source ]] || return 0
    cp -R "$source/." "$DIR/Drills/"
    # The scenarios name the places of the example plan; the lab's are elsewhere.
    for file in "$DIR"/Drills/*.yaml; do
        sed -i \
            -e "s|^  scratch: .*|  scratch: \"$LAB/north/drill/{{run.id}}\"|" \
            -e "s|^  address: .*|  address: \"$(site_address north)\"|" \
            -e "s|^  file_service: .*|  file_service: $LAB/hq/file-service|" \
            -e "s|^  port: .*|  port: \"$(cat "$LAB/north/run/http-port")\"|" \
            -e "s|^  workspace: .*|  workspace: \"$DIR\"|" \
            -e "s|^  program: .*|  program: \"$LAB/north/lifeboat\"|" "$file"
    done
}

# One host of the plan: NAME SITE [more keys].
plan_host() {
    local machine
    machine=$(site_machine_id "$2")
    printf '  %s: {site: %s, ssh: {host: "%s", port: %s, user: "%s", identity: "keys/%s"}, host_key: "%s"%s%s}\n' \
        "$1" "$2" "$(site_address "$2")" "$(site_port "$2")" "$(site_user "$2")" "$2" "$(site_host_key "$2")" \
        "${machine:+, machine_id: \"$machine\"}" "${3:+, $3}"
}

render_plan() {
    local http=http://$(site_address hq):$(cat "$LAB/hq/run/http-port")
    local restored=http://$(site_address north):$(cat "$LAB/north/run/http-port")
    local production=", production: true" files1=
    # Without networks of their own a site cannot be cut off: the drill stops the file service instead,
    # which a plan must allow on the very host.
    [[ $MODE != address ]] || { production= && files1="drills: [sandbox]"; }
    cat <<END
# The plan of this lab, written by 'lab up'. Plans/example.yaml in the source tree explains each key.
lifeboat: 1
workspace: lab
organisation: Example Shop
zone: Asia/Shanghai
orchestrator: {site: ops}
sites:
  hq: {name: Shanghai headquarters, facility: PVG-1, city: CNSHA, region: CN-SH$production}
  ops: {name: Operations room, facility: PVG-3, city: CNSHA, region: CN-SH}
  metro: {name: Shanghai second hall, facility: PVG-7, city: CNSHA, region: CN-SH}
  north: {name: Beijing, facility: PEK-2, city: CNBJS, region: CN-BJ}
  west: {name: Chengdu, facility: CTU-1, city: CNCTU, region: CN-SC}
hosts:
$(plan_host files1 hq "$files1")
$(plan_host metro-nas metro "drills: [sandbox]")
$(plan_host north-dr north "drills: [sandbox]")
$(plan_host west-vault west)
stores:
  metro: {host: metro-nas, path: "$LAB/metro/store"}
  north: {host: north-dr, path: "$LAB/north/store"}
  west: {host: west-vault, path: "$LAB/west/store", append_only: true}
datasets:
  documents:
    # No host: a tree that Lifeboat's own machine sees; here the file system of hq, mounted at ops.
    source: {site: hq, path: "$LAB/hq/data", at_least: {files: 10}, shrink_limit: 30%}
    schedule: {full: "daily 01:00", incremental: "every 15m"}
    copies: {to: [metro, north, west], at_least: 3, offsite: 1, append_only: 1, verified_within: 7d}
    keep: {hourly: 48, daily: 14, weekly: 8, monthly: 12}
services:
  files:
    tier: core
    kind: business
    standby: cold
    datasets: [documents]
    owner: petra
    probes: [files_http]
    instances: [files1]
    objectives: {rpo: 1h, rto: 2h, wrt: 1h, mtpd: 8h, mbco: "read-only, 50 clients", availability: 99.9%}
  continuity: {kind: devops_platform, datasets: [documents], owner: dana, objectives: {rpo: 24h, rto: 4h}}
probes:
  files_http: {from: [metro-nas], every: 500ms, timeout: 400ms, http: "$http/health.txt"}
  hq_from_north: {from: [north-dr], every: 500ms, timeout: 400ms, http: "$http/health.txt"}
  files_at_north: {from: [metro-nas], every: 500ms, timeout: 400ms, http: "$restored/health.txt"}
canaries:
  files_seq: {dataset: documents, path: .canary, every: 60s}
people:
  petra: {roles: [owner, business]}
  dana: {roles: [conductor]}
  omar: {roles: [operator]}
END
}

say_up() {
    case $MODE in
    netns) echo "lab: up in $DIR, mode netns: each site has its own network, mounts and host name" ;;
    userns) echo "lab: up in $DIR, mode userns: each site has its own network, mounts and host name, without root" ;;
    address) echo "lab: up in $DIR, mode address: no namespaces allowed here, so no site can be cut off (site_block)" ;;
    esac
}
