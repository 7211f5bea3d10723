# The image of the api process. Build from the repository root: docker build -f deploy/docker/api.Dockerfile .

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

FROM workspace AS api
RUN pnpm --filter @styleflow/api deploy --prod --legacy /out \
 && node scripts/programs/main.mjs /out

FROM node:20.20.2-bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends tini \
 && rm -rf /var/lib/apt/lists/*
COPY --from=api /out /app
WORKDIR /app
# No name is needed: files belong to root and are only read.
USER 10001:10001
# The process writes to /tmp alone (multipart uploads pass through, they are not kept there).
ENV NODE_ENV=production STYLEFLOW_PORT=8000 STYLEFLOW_ADMIN_PORT=9100 STYLEFLOW_ADMIN_HOST=0.0.0.0
EXPOSE 8000 9100
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9100/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
# tini reaps what a killed child leaves behind and hands signals on: node as process 1 does neither.
ENTRYPOINT ["tini", "--", "node", "--enable-source-maps", "dist/main.js"]
