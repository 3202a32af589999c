#!/bin/sh
# As root: switch.sh 8001 starts the version in that folder, asks it, and sends the clients to it.
set -eu
next=$1
other=8001
[ "$next" = 8001 ] && other=8002
if ! systemctl start "shop@$next" || ! curl --silent --fail --output /dev/null --max-time 5 \
  --retry 30 --retry-delay 1 --retry-all-errors "http://127.0.0.1:$next/health"; then
  systemctl stop "shop@$next"
  echo "No answer on port $next. See: journalctl -u shop@$next" >&2
  exit 1
fi
echo "reverse_proxy 127.0.0.1:$next" >/etc/caddy/shop.live
systemctl reload caddy
systemctl enable --quiet "shop@$next"
sleep 2 # requests that the proxy is still passing on to the other version
systemctl disable --quiet --now "shop@$other"
