#!/bin/sh
# Prove deploy/install.sh in a bare Debian root: nothing but minbase, then install, start, ask.
# Usage: sh deploy/prove.sh [FOLDER]. Needs root and mmdebstrap; the folder is made and thrown away.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
root=${1:-$(mktemp -d)/root}
mkdir -p "$root"
end() {
    for one in proc dev; do umount -l "$root/$one" 2>/dev/null || true; done
    rm -rf "$root"
}
trap end EXIT
echo "1. a bare root: $root"
mmdebstrap -q --variant=minbase --include=ca-certificates,systemd bookworm "$root"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
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
kill "$server" 2>/dev/null || true
chroot "$root" pkill -u pks-kit || true
echo "5. upgrade: install again, settings stay"
echo "# kept" >>"$root/etc/pks-kit/pks.yml"
chroot "$root" sh /src/deploy/install.sh --no-start
grep -q "^# kept" "$root/etc/pks-kit/pks.yml"
[ "$(find "$root/opt/pks-kit" -mindepth 1 -maxdepth 1 -type d | wc -l)" = 2 ]
echo "PROVEN"
