#!/bin/sh
# Dumps the database, restores the dump into another one, and keeps it only if that works.
set -eu
umask 077
cd /var/backups/shop
rm -f ./*.part
name=shop-$(date +%F-%H%M%S)
pg_dump --format=custom --file="$name.part" shop
dropdb --if-exists shop_check
createdb shop_check
pg_restore --exit-on-error --dbname=shop_check "$name.part"
# Put a table of yours here that is never empty.
[ "$(psql -qtA --dbname=shop_check --command='SELECT EXISTS (SELECT FROM items)')" = t ]
dropdb shop_check
mv "$name.part" "$name.dump"
find . -name '*.dump' -mtime +14 -delete
