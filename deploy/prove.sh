#!/bin/sh
# Prove deploy/install.sh in a bare Debian root: nothing but minbase, then install, start, ask.
# Usage: sh deploy/prove.sh [FOLDER]. Needs root and mmdebstrap; the folder is made and thrown away.
# What it mounts and starts is in namespaces of its own and ends with them: a process of the machine
# whose user has the number that the root gives to pks-kit is none of its business.
set -eu
if [ -z "${PKS_PROVE_INSIDE:-}" ]; then
    root=${1:-$(mktemp -d)/root}
    mkdir -p "$root"
    trap 'rm -rf --one-file-system "$root"' EXIT
    trap 'exit 1' INT TERM
    PKS_PROVE_INSIDE=$root unshare --mount --pid --fork --kill-child sh "$0"
    exit
fi
here=$(cd "$(dirname "$0")/.." && pwd)
root=$PKS_PROVE_INSIDE
echo "1. a bare root: $root"
mmdebstrap -q --variant=minbase --include=ca-certificates,systemd bookworm "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
cp /etc/resolv.conf "$root/etc/resolv.conf"
for one in /etc/pip.conf /etc/ssl/certs /etc/xdg/pip /usr/local/share/ca-certificates; do
    [ -e "$one" ] && mkdir -p "$root$(dirname "$one")" && cp -a "$one" "$root$(dirname "$one")/"
done
mkdir -p "$root/src"
(cd "$here" && tar -cf - --exclude=.git --exclude=.venv --exclude=keluaran .) | tar -xf - -C "$root/src"
echo "2. install"
chroot "$root" apt-get update -qq
chroot "$root" apt-get install -y -qq --no-install-recommends python3 python3-venv >/dev/null
chroot "$root" sh /src/deploy/install.sh --no-start
echo "3. the unit"
chroot "$root" systemd-analyze verify /etc/systemd/system/pks-kit.service
chroot "$root" systemd-analyze security --offline=true /etc/systemd/system/pks-kit.service | tail -1
echo "4. start as its user, and ask"
chroot "$root" runuser -u pks-kit -- sh -c 'cd /var/lib/pks-kit && XDG_CACHE_HOME=/var/cache/pks-kit exec $(sed -n "s/^ExecStart=//p" /etc/systemd/system/pks-kit.service)' &
server=$!
chroot "$root" python3 - <<'PY'
import json, time, urllib.request

for _ in range(120):
    try:
        with urllib.request.urlopen("http://127.0.0.1:8080/kesehatan", timeout=2) as answer:
            print("   ", answer.status, json.load(answer))
            break
    except OSError:
        time.sleep(0.5)
else:
    raise SystemExit("it does not answer")
asked = urllib.request.Request(
    "http://127.0.0.1:8080/perjanjian",
    headers={"X-Pks-Orang": "uji", "X-Pks-Wilayah": "pusat"},
)
with urllib.request.urlopen(asked, timeout=10) as answer:
    print("   ", answer.status, answer.read()[:80])
PY
echo "5. copy it while it runs"
install -d -m 700 -o "$(stat -c %u "$root/var/lib/pks-kit")" "$root/srv/salinan"
chroot "$root" runuser -u pks-kit -- /opt/pks-kit/current/bin/python /opt/pks-kit/current/backup.py \
    /etc/pks-kit/pks.yml /srv/salinan/satu
[ -s "$root/srv/salinan/satu/portal/portal.sqlite" ]
[ -s "$root/srv/salinan/satu/buku.sqlite" ]
kill "$server"
wait "$server" || true
echo "6. upgrade: install again, settings stay"
echo "# kept" >>"$root/etc/pks-kit/pks.yml"
chroot "$root" sh /src/deploy/install.sh --no-start
grep -q "^# kept" "$root/etc/pks-kit/pks.yml"
[ "$(find "$root/opt/pks-kit" -mindepth 1 -maxdepth 1 -type d | wc -l)" = 2 ]
echo "PROVEN"
