# The image of the api process. Build from the repository root: docker build -f deploy/docker/api.Dockerfile .

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

FROM workspace AS api
RUN pnpm --filter @styleflow/api deploy --prod --legacy /out

FROM node:20-bookworm-slim
COPY --from=api /out /app
WORKDIR /app
# No name is needed: files belong to root, the process only reads them and writes to /tmp.
USER 10001:10001
ENV NODE_ENV=production STYLEFLOW_PORT=8000
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8000/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "--enable-source-maps", "dist/main.js"]
