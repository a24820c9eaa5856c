# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# What the lab is called and where its things lie. Everything derives from the folder, so that several
# labs can run at once and one that crashed can be cleaned up by its folder alone.

# The order gives each site its number: hq is 10.77.1.2, ops is 10.77.5.2.
readonly SITES=(hq metro north west ops)

die() {
    local status=$1
    shift
    echo "lab: error: $*" >&2
    exit "$status"
}

# Sets DIR (the workspace), LAB (the sites' folders) and ID (the lab's name on this machine).
name_lab() {
    [[ ! -e $1 || -d $1 ]] || die 64 "$1 is not a folder"
    DIR=$(realpath -m -- "$1")
    [[ $DIR != *[[:space:]\"\\\|\&]* ]] || die 64 "the folder's path may not hold spaces, quotes, | or &"
    LAB=$DIR/lab
    ID=$(printf %s "$DIR" | sha256sum | cut -c1-6)
    VAULT_ACCOUNT=lifeboat-vault-$ID
    MODE=
}

is_site() {
    local site
    for site in "${SITES[@]}"; do [[ $site == "$1" ]] && return; done
    return 1
}

site_number() {
    local number
    for number in "${!SITES[@]}"; do
        [[ ${SITES[number]} == "$1" ]] && echo $((number + 1)) && return
    done
}

site_address() {
    case $MODE in
    address) echo "127.0.$(site_number "$1").1" ;;
    *) echo "10.77.$(site_number "$1").2" ;;
    esac
}

has_sshd() { [[ $1 != ops ]]; }

# The account a session at the site logs in to. Only root can switch to an account of the vault's own.
site_user() {
    if [[ $1 == west && -e $LAB/west/run/account ]]; then
        echo "$VAULT_ACCOUNT"
    else
        id -un
    fi
}

site_port() { cat "$LAB/$1/run/port"; }

site_host_key() {
    ssh-keygen -l -f "$LAB/$1/sshd/host_key.pub" | awk '{print "ssh-ed25519 " $2}'
}

# Where a site has its own machine-id it is that; the orchestrator, and sites that share the whole
# machine, have the machine's. Empty where there is none.
site_machine_id() {
    if [[ -s $LAB/$1/machine-id ]]; then
        cat "$LAB/$1/machine-id"
    elif [[ -s /etc/machine-id ]]; then
        cat /etc/machine-id
    fi
}

# One 'up' or 'down' of a lab at a time. The descriptor is closed in everything the lab leaves running.
lock_lab() {
    exec 8>"$LAB/.lock"
    flock -w 60 8 || die 4 "another 'lab' command is at work in $DIR"
}

# Writes what other scripts need to know, as shell variables.
write_env() {
    local site upper
    {
        echo "# Written by 'lab up'; source it."
        printf 'MODE=%q\nID=%q\nWORKSPACE=%q\n' "$MODE" "$ID" "$DIR"
        for site in "${SITES[@]}"; do
            upper=${site^^}
            printf '%s_ADDRESS=%q\n' "$upper" "$(site_address "$site")"
            printf '%s_MACHINE_ID=%q\n' "$upper" "$(site_machine_id "$site")"
            has_sshd "$site" || continue
            printf '%s_PORT=%q\n' "$upper" "$(site_port "$site")"
            printf '%s_USER=%q\n' "$upper" "$(site_user "$site")"
            printf '%s_KEY=%q\n' "$upper" "$LAB/keys/$site"
            printf '%s_HOSTKEY=%q\n' "$upper" "$(site_host_key "$site")"
        done
        printf 'HQ_HTTP=%q\n' "http://$(site_address hq):$(cat "$LAB/hq/run/http-port")"
        printf 'NORTH_HTTP=%q\n' "http://$(site_address north):$(cat "$LAB/north/run/http-port")"
    } >"$LAB/lab.env.new"
    mv "$LAB/lab.env.new" "$LAB/lab.env"
}

read_env() { MODE=$(sed -n 's/^MODE=//p' "$LAB/lab.env"); }
