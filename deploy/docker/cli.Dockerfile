# The command line, for what is run beside a system: `evaluate --api`, `submit`, `batch`, `rescore`, `evidence`, `verify`. It starts no system
# of its own: no Redis and no ffmpeg are in it. Build from the repository root: docker build -f deploy/docker/cli.Dockerfile .

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

FROM workspace AS cli
RUN pnpm --filter @styleflow/cli deploy --prod --legacy /out
# onnxruntime-node carries libraries for every system: those of others are 250 MB.
RUN cd /out/node_modules/.pnpm/onnxruntime-node@*/node_modules/onnxruntime-node/bin/napi-v6 \
 && rm -rf darwin win32 linux/arm64

FROM node:20.20.2-bookworm-slim
# The letters in the pictures of `evaluate` are drawn with a font of the system.
RUN apt-get update \
 && apt-get install -y --no-install-recommends fonts-dejavu-core tini \
 && rm -rf /var/lib/apt/lists/*
COPY --from=cli /out /app
WORKDIR /work
# No name is needed: the program is only read, and /work belongs to whoever mounts it.
USER 10001:10001
ENV NODE_ENV=production ORT_DISABLE_TELEMETRY=1 HOME=/tmp
# A command is no service: it answers, and ends.
HEALTHCHECK NONE
STOPSIGNAL SIGTERM
# tini hands signals on: an interrupted command says how it goes on.
ENTRYPOINT ["tini", "--", "node", "--enable-source-maps", "/app/dist/main.js"]
CMD ["--help"]
