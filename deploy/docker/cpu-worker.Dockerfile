# The image of the cpu-worker process. Build from the repository root: docker build -f deploy/docker/cpu-worker.Dockerfile .

# What all three images share: the compiled workspace with its network files. The same text in each file, so that
# the layers are built once.
FROM node:20-bookworm-slim AS workspace
RUN npm install --global pnpm@12.21.0
WORKDIR /src
COPY pnpm-lock.yaml pnpm-workspace.yaml ./
RUN pnpm fetch
COPY . .
RUN pnpm install --offline --frozen-lockfile \
 && node_modules/.bin/tsc -b \
 && node packages/models/dist/assets-main.js

FROM workspace AS cpu-worker
RUN pnpm --filter @styleflow/cpu-worker deploy --prod --legacy /out

FROM node:20-bookworm-slim
# Debian's ffmpeg is built with the decoders of H.264, HEVC, VP9 and AV1 that videos of today use.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ffmpeg \
 && rm -rf /var/lib/apt/lists/*
COPY --from=cpu-worker /out /app
WORKDIR /app
# No name is needed: files belong to root, the process only reads them and writes to /tmp.
USER 10001:10001
ENV NODE_ENV=production STYLEFLOW_ADMIN_PORT=9100 STYLEFLOW_ADMIN_HOST=0.0.0.0
EXPOSE 9100
# Videos being worked on lie here: give it a volume, not memory.
VOLUME /tmp
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9100/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "--enable-source-maps", "dist/main.js"]
