# The image of the cpu-worker process. Build from the repository root: docker build -f deploy/docker/cpu-worker.Dockerfile .

# What all images of Node share: the compiled workspace with its network files. The same text in each file, so that
# the layers are built once.
FROM node:20.20.2-bookworm-slim AS workspace
RUN npm install --global pnpm@12.21.0
WORKDIR /src
COPY pnpm-lock.yaml pnpm-workspace.yaml ./
RUN pnpm fetch
COPY . .
RUN pnpm install --offline --frozen-lockfile \
 && node_modules/.bin/tsc -b \
 && node packages/converter/dist/assets-main.js \
 && node packages/console/dist/build-main.js

FROM workspace AS cpu-worker
RUN pnpm --filter @styleflow/cpu-worker deploy --prod --legacy /out \
 && node --max-semi-space-size=2 scripts/programs/main.mjs /out
# onnxruntime-node carries libraries for every system: those of others are 250 MB.
RUN cd /out/node_modules/.pnpm/onnxruntime-node@*/node_modules/onnxruntime-node/bin/napi-v6 \
 && rm -rf darwin win32 linux/arm64

# Two programs of Debian's sources that start twenty times as fast as Debian's own and reach no network.
FROM node:20.20.2-bookworm-slim AS ffmpeg
COPY deploy/docker/build-ffmpeg.sh /build-ffmpeg.sh
RUN /build-ffmpeg.sh /opt/ffmpeg

FROM node:20.20.2-bookworm-slim
# What ffmpeg and ffprobe link. util-linux, which the base image has, limits their memory and time (prlimit).
RUN apt-get update \
 && apt-get install -y --no-install-recommends libdav1d6 libopenh264-7 libvpx7 zlib1g libbz2-1.0 liblzma5 tini \
 && rm -rf /var/lib/apt/lists/* \
 && install --directory --owner=10001 --group=10001 /scratch
COPY --from=ffmpeg /opt/ffmpeg/bin/ /usr/local/bin/
COPY --from=cpu-worker /out /app
WORKDIR /app
# No name is needed: files belong to root and are only read.
USER 10001:10001
# Few allocation arenas here and a small young generation below: many threads that take and free clips would spread over
# a hundred MB more.
ENV NODE_ENV=production ORT_DISABLE_TELEMETRY=1 MALLOC_ARENA_MAX=2 GLIBC_TUNABLES=glibc.malloc.hugetlb=1 STYLEFLOW_ADMIN_PORT=9100 STYLEFLOW_ADMIN_HOST=0.0.0.0 STYLEFLOW_SCRATCH_DIR=/scratch
EXPOSE 9100
# Videos being worked on lie here, up to STYLEFLOW_MAX_SOURCE_BYTES each: give it a disk, not memory.
VOLUME /scratch
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9100/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
# tini reaps what a killed child leaves behind and hands signals on: node as process 1 does neither.
ENTRYPOINT ["tini", "--", "node", "--max-semi-space-size=2", "--enable-source-maps", "dist/main.js"]
