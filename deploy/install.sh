#!/bin/sh
# Install pks-kit as a service of this Debian machine, or upgrade it.
#
#   sudo sh deploy/install.sh [--port 8080] [--no-start]
#
# Run it from a checkout. It makes the user pks-kit, an environment of its own under /opt/pks-kit,
# settings in /etc/pks-kit (never overwritten) and the unit pks-kit.service. Every library comes as
# a wheel with the hash that requirements/ names. An upgrade stands beside the version before it and
# is switched to at the end; if the new one does not answer, the old one is started again.
set -eu

port=8080
start=yes
while [ $# -gt 0 ]; do
    case "$1" in
        --port) port=$2; shift 2 ;;
        --no-start) start=no; shift ;;
        *) echo "Unknown option / Opsi tidak dikenal: $1" >&2; exit 2 ;;
    esac
done
case "$port" in
    '' | *[!0-9]*) echo "--port: a number from 1024 to 65535 / angka 1024 sampai 65535" >&2; exit 2 ;;
esac
if [ "$(id -u)" != 0 ]; then
    echo "Run this as root, for example: sudo sh $0 / Jalankan sebagai root" >&2
    exit 1
fi

source=$(cd "$(dirname "$0")/.." && pwd)
home=/opt/pks-kit

# 1. What the system must have.
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "pks-kit needs Python 3.11 or newer: apt-get install python3 / perlu Python 3.11" >&2
    exit 1
fi
sh "$source/.ci/system-packages" demo

# 2. A user who owns nothing but the state.
if ! getent passwd pks-kit >/dev/null; then
    useradd --system --user-group --home-dir /var/lib/pks-kit --shell /usr/sbin/nologin pks-kit
fi

# 3. A version of its own, complete before anybody uses it.
mkdir -p "$home"
next=$(mktemp -d "$home/next.XXXXXX")
trap 'rm -rf "$next"' EXIT
chmod 755 "$next"
echo "Installing into $home / Memasang ke $home ..."
python3 -m venv "$next"
pip="$next/bin/python -m pip install -qq --disable-pip-version-check --root-user-action=ignore"
$pip --only-binary :all: --require-hashes -r "$source/requirements/build.txt"
$pip --only-binary :all: --require-hashes -r "$source/requirements/server.txt"
# The checkout may belong to somebody else: built from a copy, nothing is written into it.
copy=$(mktemp -d)
trap 'rm -rf "$next" "$copy"' EXIT
(cd "$source" && tar -cf - --exclude=.git --exclude=.venv --exclude=keluaran .) | tar -xf - -C "$copy"
$pip --no-deps --no-build-isolation "$copy"
mkdir -p "$next/docs"
cp "$source"/docs/*.md "$next/docs/"
cp "$source/deploy/portal_app.py" "$source/deploy/backup.py" "$next/"
version=$("$next/bin/pks-kit" --version | tr -cd '0-9A-Za-z.+-' | head -c 60)
now="$home/$version-$(date +%Y%m%d%H%M%S)"
# Programs of an environment know its folder by name, so their first lines are told the final one.
grep -rlI "$next" "$next/bin" "$next/pyvenv.cfg" | xargs -r sed -i "s#$next#$now#g"
mv "$next" "$now"
trap 'rm -rf "$copy"' EXIT

# 4. Settings, once.
mkdir -p /etc/pks-kit
chown root:pks-kit /etc/pks-kit
chmod 750 /etc/pks-kit
if [ ! -e /etc/pks-kit/pks.yml ]; then
    install -m 640 -o root -g pks-kit "$source/deploy/pks.yml" /etc/pks-kit/pks.yml
fi
if [ ! -e /etc/pks-kit/rahasia.env ]; then
    install -m 600 -o root -g root /dev/null /etc/pks-kit/rahasia.env
fi
install -d -m 700 -o pks-kit -g pks-kit /var/lib/pks-kit /var/cache/pks-kit
sed "s/--port 8080/--port $port/" "$source/deploy/pks-kit.service" >/etc/systemd/system/pks-kit.service

# 5. Compiled templates: the first draft is then as fast as the next. As the user who drafts.
runuser -u pks-kit -- env XDG_CACHE_HOME=/var/cache/pks-kit "$now/bin/pks-kit" template compile >/dev/null

# 6. Switch, and switch back when nobody answers.
before=$(readlink "$home/current" 2>/dev/null || true)
ln -sfn "$now" "$home/current.new"
mv -T "$home/current.new" "$home/current"
if [ "$start" = no ] || [ ! -d /run/systemd/system ]; then
    echo "Installed, not started. Start it with: systemctl enable --now pks-kit / Terpasang, belum dijalankan."
    exit 0
fi
systemctl daemon-reload
systemctl enable -q pks-kit
systemctl restart pks-kit
for _ in $(seq 60); do
    if "$now/bin/python" -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=2)' \
        "http://127.0.0.1:$port/kesehatan" 2>/dev/null; then
        echo "Running at http://127.0.0.1:$port/ / Berjalan. journalctl -u pks-kit tells what it does."
        exit 0
    fi
    sleep 1
done
echo "It does not answer; see journalctl -u pks-kit / Tidak menjawab." >&2
if [ -n "$before" ]; then
    ln -sfn "$before" "$home/current.new"
    mv -T "$home/current.new" "$home/current"
    systemctl restart pks-kit
    echo "The version before is running again / Versi sebelumnya dijalankan lagi." >&2
fi
exit 1
