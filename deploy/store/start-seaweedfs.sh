#!/bin/sh
# Starts the object store of docker-compose.yml with one key for each kind of process. None may make or delete buckets.
#
# What each key may read is as in the policies beside this file. Writing is not narrowed below the bucket: this server may judge
# a deletion of many objects, which every process sends, by the bucket alone. A server that takes policies narrows it, too.
set -eu

# A key's part of the configuration: NAME KEY_ID SECRET PREFIX…, of what it may read.
identity() {
  name=$1 id=$2 secret=$3
  shift 3
  printf '{"name": "%s", "credentials": [{"accessKey": "%s", "secretKey": "%s"}], "actions": ["List:%s", "Write:%s"' \
    "$name" "$id" "$secret" "$BUCKET" "$BUCKET"
  for prefix in "$@"; do printf ', "Read:%s/%s*"' "$BUCKET" "$prefix"; done
  if [ "$name" = cpu-worker ]; then
    # Buckets that a job's s3 source may name.
    for source in $(printf '%s' "${SOURCE_BUCKETS:-}" | tr ',' ' '); do printf ', "Read:%s", "List:%s"' "$source" "$source"; done
  fi
  printf ']}'
}

config=${CONFIG:-/tmp/s3.json}
{
  printf '{"identities": ['
  identity api "$API_KEY_ID" "$API_SECRET" store.json jobs/ batches/ tombstones/ uploads/ probes/
  printf ', '
  identity cpu-worker "$CPU_WORKER_KEY_ID" "$CPU_WORKER_SECRET" store.json jobs/ batches/ uploads/ tombstones/ probes/
  printf ', '
  identity gpu-worker "$GPU_WORKER_KEY_ID" "$GPU_WORKER_SECRET" store.json jobs/ bundles/ probes/
  printf ']}\n'
} > "$config"

# Master, volumes and filer ask for no key, so they listen on loopback alone. The image's own start takes it from here: it gives the
# folder of the data and leaves root.
exec "${IMAGE_START:-/entrypoint.sh}" server -ip=127.0.0.1 -ip.bind=127.0.0.1 -master.volumePreallocate=false \
  -s3 -s3.port=8333 -s3.ip.bind=0.0.0.0 -s3.config="$config"
