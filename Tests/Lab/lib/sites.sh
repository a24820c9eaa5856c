# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Starting, entering, cutting off and stopping sites.
#
# A site is one process (the script 'site') with its own namespaces, and what it starts. The sites hang
# on a hub, which routes between them and belongs to no one:
#
#     hq 10.77.1.2 ── 10.77.1.1 ┐
#     metro 10.77.2.2 ───────── hub ── 10.77.5.2 ops
#     north, west ──────────────┘
#
# Root names the networks too, so that 'ip netns exec lb-ID-north …' works by hand.

# Prints the best mode this machine allows, or the one asked for.
choose_mode() {
    local asked=$1 uid
    uid=$(id -u)
    case $asked in
    "") ;;
    netns) ((uid == 0)) || die 64 "mode netns needs root" ;;
    userns) ((uid != 0)) || die 64 "mode userns is for ordinary users" ;;
    address) ;;
    *) die 64 "unknown mode '$asked'" ;;
    esac
    if [[ $asked == address ]]; then
        echo address
    elif ((uid == 0)) && can_separate unshare --net --mount --uts; then
        echo netns
    elif ((uid != 0)) && can_separate unshare --user --map-root-user --net --mount --uts; then
        echo userns
    elif [[ -n $asked ]]; then
        die 77 "mode $asked is forbidden on this machine"
    else
        echo address
    fi
}

# Whether namespaces made by the command given can be joined, routed, filtered, mounted in and nested.
can_separate() {
    # shellcheck disable=SC2016  # expanded by the inner shell
    "$@" bash -euc '
        ip link add one type veth peer name two
        echo 1 >/proc/sys/net/ipv4/ip_forward
        mount -t tmpfs none /run
        nft add table inet probe
        if [[ $0 != 0 ]]; then
            unshare --user --map-user="$0" --map-group="$1" --keep-caps --net --mount --uts \
                bash -euc "mount -t tmpfs none /srv && nft add table inet probe"
        fi' "$(id -u)" "$(id -g)" >/dev/null 2>&1 8>&-
}

# ── starting ──────────────────────────────────────────────────────────────────────────────────────

start_sites() {
    echo "$MODE" >"$LAB/mode"
    cat /proc/sys/kernel/random/boot_id >"$LAB/boot"
    local site
    if [[ $MODE == address ]]; then
        for site in "${SITES[@]}"; do start_site "$site"; done
    else
        start_hub
        for site in "${SITES[@]}"; do
            start_site "$site"
            join_hub "$site"
        done
    fi
    for site in "${SITES[@]}"; do wait_ready "$site"; done
}

start_hub() {
    local command=(unshare --net)
    [[ $MODE == netns ]] || command=(unshare --user --map-root-user --net --mount)
    # shellcheck disable=SC2016
    LIFEBOAT_LAB=$ID setsid "${command[@]}" bash -euc '
        ip link set lo up
        echo 1 >/proc/sys/net/ipv4/ip_forward
        readlink /proc/self/ns/net >"$0/netns"
        echo $$ >"$0/pid"
        exec sleep infinity' "$LAB/hub" </dev/null >>"$LAB/hub/log" 2>&1 8>&- &
    wait_for_file "$LAB/hub/pid"
    name_network hub
}

in_hub() {
    local pid flags=(--net)
    pid=$(cat "$LAB/hub/pid")
    [[ $MODE == netns ]] || flags+=(--user --preserve-credentials)
    nsenter --target "$pid" "${flags[@]}" -- "$@" 8>&-
}

start_site() {
    local site=$1 command=()
    case $MODE in
    netns) command=(unshare --net --mount --uts --propagation private) ;;
    # Nested in the hub's user namespace, so that the hub may reach in, but with the user's own id, since
    # sshd as a root that owns one id only could not drop its rights. The rights over the site's own
    # network stay with the site's first process, which hands them on where drills need them.
    userns) command=(
        nsenter --target "$(cat "$LAB/hub/pid")" --user --preserve-credentials --
        unshare --user --map-user="$(id -u)" --map-group="$(id -g)" --keep-caps --net --mount --uts) ;;
    esac
    rm -f "$LAB/$site/run/"{pid,netns,ready,lost}
    if [[ $MODE == address ]]; then
        pick_ports "$site"
    else
        echo $(($(id -u) == 0 ? 22 : 2222)) >"$LAB/$site/run/port"
        echo 8080 >"$LAB/$site/run/http-port"
    fi
    write_sshd_config "$site"
    LIFEBOAT_LAB=$ID setsid "${command[@]}" "$LAB_HOME/site" "$LAB" "$site" "$MODE" "$(site_address "$site")" \
        </dev/null >>"$LAB/$site/log" 2>&1 8>&- &
    wait_for_file "$LAB/$site/run/pid"
    name_network "$site"
}

# Lays a cable between the hub and the site; the site gives its end an address itself.
join_hub() {
    local site=$1 number
    number=$(site_number "$site")
    in_hub ip link add "to-$site" type veth peer name wan netns "$(cat "$LAB/$site/run/pid")"
    in_hub ip address add "10.77.$number.1/24" dev "to-$site"
    in_hub ip link set "to-$site" up
}

name_network() {
    [[ $MODE == netns ]] || return 0
    local pid=$LAB/$1/run/pid
    [[ $1 != hub ]] || pid=$LAB/hub/pid
    ip netns attach "lb-$ID-$1" "$(cat "$pid")"
}

# Free ports, asked of the kernel; a lab that shares the machine's network cannot choose its own.
pick_ports() {
    local ports
    ports=$(python3 - "$(site_address "$1")" <<'END'
import socket, sys
held = [socket.socket() for _ in range(2)]
for one in held: one.bind((sys.argv[1], 0))
print(*(one.getsockname()[1] for one in held))
END
    )
    echo "${ports% *}" >"$LAB/$1/run/port"
    echo "${ports#* }" >"$LAB/$1/run/http-port"
}

wait_for_file() {
    local turn
    for ((turn = 0; turn < 200; turn++)); do
        [[ ! -s $1 ]] || return 0
        sleep 0.05
    done
    echo "lab: error: $1 did not appear" >&2
    return 1
}

wait_ready() {
    wait_for_file "$LAB/$1/run/ready" || { cat "$LAB/$1/log" >&2 && return 1; }
}

# ── entering ──────────────────────────────────────────────────────────────────────────────────────

# Becomes the command, run at the site. At ops nothing but the network changes and no right is added;
# at the others it sees what that site sees, as its administrator.
exec_at() {
    local site=$1 pid flags=()
    shift
    pid=$(cat "$LAB/$site/run/pid")
    case $MODE:$site in
    address:*) exec "$@" ;;
    netns:ops) exec nsenter --target "$pid" --net -- "$@" ;;
    userns:ops) exec nsenter --target "$pid" --user --net --preserve-credentials -- "$@" ;;
    userns:*) flags=(nsenter --target "$(cat "$LAB/hub/pid")" --user --preserve-credentials --) ;;
    esac
    # shellcheck disable=SC2016
    exec "${flags[@]}" nsenter --target "$pid" --net --mount --uts -- \
        sh -c 'cd "$0" 2>/dev/null || cd /; PATH=$PATH:/usr/sbin:/sbin; exec "$@"' "$PWD" "$@"
}

# ── losing ────────────────────────────────────────────────────────────────────────────────────────

# Pulls the site's cable; where there is none, stops what it serves.
lose_site() {
    if [[ $MODE == address ]]; then
        stop_served "$1"
    else
        in_hub ip link set "to-$1" down
    fi
    touch "$LAB/$1/run/lost"
}

return_site() {
    [[ -e $LAB/$1/run/lost ]] || return 0
    if [[ $MODE == address ]]; then
        rm -f "$LAB/$1/run/ready"
        kill -USR1 "$(cat "$LAB/$1/run/pid")"
        wait_ready "$1"
    else
        in_hub ip link set "to-$1" up
    fi
    rm -f "$LAB/$1/run/lost"
}

site_state() {
    if [[ -e $LAB/$1/run/lost ]]; then
        echo "lost"
    elif is_ours "$1" "$(cat "$LAB/$1/run/pid" 2>/dev/null)"; then
        echo "up"
    else
        echo "down"
    fi
}

# ── stopping ──────────────────────────────────────────────────────────────────────────────────────

lab_is_up() {
    [[ -s $LAB/boot && -s $LAB/ops/run/pid ]] || return 1
    [[ $(cat "$LAB/boot") == "$(cat /proc/sys/kernel/random/boot_id)" ]] || return 1
    is_ours ops "$(cat "$LAB/ops/run/pid")"
}

# Whether a recorded process still is the lab's, and not another that was given its number.
is_ours() {
    local site=$1 pid=$2
    [[ $pid =~ ^[0-9]+$ && -r /proc/$pid/cmdline ]] || return 1
    # A process that ends meanwhile is no longer anybody's.
    { tr '\0' ' ' <"/proc/$pid/cmdline" | grep -F -- "$LAB/$site/" >/dev/null ||
        tr '\0' '\n' <"/proc/$pid/environ" | grep -xF "LIFEBOAT_LAB=$ID" >/dev/null; } 2>/dev/null
}

# Stops what runs at any site, and removes what the lab has made outside its folder. May be called at
# any time, and twice.
stop_everything() {
    local place
    if [[ -s $LAB/boot && $(cat "$LAB/boot") == "$(cat /proc/sys/kernel/random/boot_id)" ]]; then
        for place in "${SITES[@]}" hub; do stop_place "$place"; done
    fi
    rm -f "$LAB"/*/run/{pid,netns,ready,lost} "$LAB"/hub/{pid,netns} "$LAB/boot"
    (($(id -u) == 0)) || return 0
    for place in "${SITES[@]}" hub; do
        [[ ! -e /run/netns/lb-$ID-$place ]] || ip netns delete "lb-$ID-$place"
    done
    remove_vault_account
    remove_privilege_separation_folder
}

# Kills the processes of one site: all that share its network where it has its own, else those recorded
# and their children. What a drill left behind at the site goes with it.
stop_place() {
    local place=$1 pid turn pids=()
    for ((turn = 0; turn < 100; turn++)); do
        mapfile -t pids < <(pids_at "$place")
        ((${#pids[@]})) || return 0
        for pid in "${pids[@]}"; do kill -KILL "$pid" 2>/dev/null || true; done
        sleep 0.05
    done
    echo "lab: warning: processes at $place could not be stopped: ${pids[*]}" >&2
}

pids_at() {
    local place=$1 folder=$LAB/$1 pid network known=() ours=
    [[ $place == hub ]] || folder=$folder/run
    network=$(cat "$folder/netns" 2>/dev/null || true)
    if [[ -n $network && $network != "$(readlink /proc/self/ns/net)" ]]; then
        for pid in /proc/[0-9]*; do
            [[ $(readlink "$pid/ns/net" 2>/dev/null) == "$network" ]] || continue
            known+=("${pid#/proc/}")
            is_ours "$place" "${pid#/proc/}" && ours=yes
        done
        # The kernel gives numbers of networks away again: without one process of ours it is not ours.
        [[ -z $ours && ! -e /run/netns/lb-$ID-$place ]] || printf '%s\n' "${known[@]}" | grep . || true
        return 0
    fi
    for pid in $(cat "$folder"/{pid,sshd.pid,http.pid,door.pid} 2>/dev/null); do
        is_ours "$place" "$pid" && with_children "$pid"
    done
    return 0
}

with_children() {
    local child
    for child in $(pgrep -P "$1" || true); do with_children "$child"; done
    # A process that is gone but not yet waited for is no longer running.
    ! grep -q '^State:[[:space:]]*[RSDT]' "/proc/$1/status" 2>/dev/null || echo "$1"
}

stop_served() {
    local pid
    for pid in $(cat "$LAB/$1/run/"{sshd.pid,http.pid,door.pid} 2>/dev/null); do
        ! is_ours "$1" "$pid" || with_children "$pid" | xargs -r kill -KILL
    done
}
