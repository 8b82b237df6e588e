#!/bin/sh
# Try a command on a machine that has nothing yet: Debian 12 with python3, python3-venv, make, git and ca-certificates.
#
#   sh scripts/fresh_machine.sh [--user] [--working-tree] FOLDER COMMAND...
#
#   sh scripts/fresh_machine.sh /tmp/fresh make test
#   sh scripts/fresh_machine.sh --user /tmp/fresh make demo
#
# Makes a Debian in FOLDER (once; it is kept for the next call), puts a fresh clone of this repository into it and runs
# COMMAND there, with processes and mounts of its own that end with it. Run as root; needs debootstrap on this machine.
# --user runs COMMAND as a plain user instead of root. --working-tree takes the files as they are instead of what is
# committed. How this machine reaches its package mirrors (apt, pip, certificates) is copied; nothing else of it is.
set -eu

user=root
working_tree=no
while [ $# -gt 0 ]; do
    case $1 in
        --user) user=dev ;;
        --working-tree) working_tree=yes ;;
        --*) echo "unknown option $1" >&2; exit 2 ;;
        *) break ;;
    esac
    shift
done
[ $# -ge 2 ] || { sed -n '2,13s/^# \{0,1\}//p' "$0"; exit 2; }
[ "$(id -u)" = 0 ] || { echo "Run this as root: it makes and enters a Debian of its own." >&2; exit 1; }
command -v debootstrap >/dev/null || { echo "Missing: apt-get install debootstrap" >&2; exit 1; }

root=$(realpath -m "$1"); shift
repository=$(git -C "$(dirname "$0")" rev-parse --show-toplevel)
said() { printf '%s\n' "fresh machine: $*" >&2; }

if [ ! -e "$root/.complete" ]; then
    said "making a Debian in $root"
    rm -rf --one-file-system "$root"
    debootstrap --variant=minbase --include=python3,python3-venv,make,git,ca-certificates bookworm "$root" >"$root.log" 2>&1 ||
        { tail -20 "$root.log" >&2; exit 1; }
    chroot "$root" useradd --create-home --shell /bin/bash dev
    touch "$root/.complete"
fi

copy() { # copy PATH... into the same place, when they exist
    for path in "$@"; do
        if [ -e "$path" ]; then
            mkdir -p "$root$(dirname "$path")"
            cp -RL "$path" "$root$(dirname "$path")/"
        fi
    done
}
copy /etc/resolv.conf /etc/hosts /etc/pip.conf /etc/xdg/pip /usr/local/share/ca-certificates /etc/ssl/certs/ca-certificates.crt
copy /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources
find /etc/apt/apt.conf.d -name '*proxy*' 2>/dev/null | while read -r path; do copy "$path"; done

home=$([ "$user" = root ] && echo /root || echo "/home/$user")
checkout="$root$home/collections_crm"
rm -rf --one-file-system "$checkout"
if [ "$working_tree" = yes ]; then
    mkdir -p "$checkout"
    (cd "$repository" && git ls-files -z --cached --others --exclude-standard |
        tar --create --null --files-from=- --ignore-failed-read 2>/dev/null) | tar --extract --directory "$checkout"
    git -C "$checkout" init --quiet
else
    git clone --quiet --no-hardlinks "$repository" "$checkout"
fi
chroot "$root" chown -R "$user:$user" "$home/collections_crm"

cat >"$root/enter" <<'INNER'
#!/bin/sh
# Started inside the new namespaces: mount what a machine has, then become the user.
set -eu
user=$1 home=$2; shift 2
mount -t proc proc /proc
mount -t tmpfs tmpfs /dev/shm
cd "$home/collections_crm"
if [ "$user" = root ]; then exec "$@"; fi
exec setpriv --reuid "$user" --regid "$user" --init-groups --no-new-privs "$@"
INNER
chmod +x "$root/enter"

said "running as $user: $*"
index_settings=$(env | sed -n 's/^\(PIP_[A-Z_]*\)=.*/\1/p')
set -- PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME="$home" LANG=C.UTF-8 TERM="${TERM:-dumb}" \
    /enter "$user" "$home" "$@"
for name in $index_settings; do
    eval "value=\$$name"
    set -- "$name=$value" "$@"
done
exec unshare --mount --pid --fork --kill-child --propagation private sh -c '
    root=$1; shift
    for device in null zero full random urandom tty; do
        [ -e "$root/dev/$device" ] || touch "$root/dev/$device"
        mount --bind "/dev/$device" "$root/dev/$device"
    done
    mkdir -p "$root/dev/shm" "$root/dev/pts"
    exec chroot "$root" env -i "$@"
' sh "$root" "$@"
