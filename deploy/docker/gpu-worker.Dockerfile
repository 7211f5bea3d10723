# The images of the gpu-worker process. Build from the repository root:
#   for a card      docker build -f deploy/docker/gpu-worker.Dockerfile .
#   without a card  docker build -f deploy/docker/gpu-worker.Dockerfile --target without-card .
ARG CUDA_IMAGE=nvidia/cuda:12.6.3-cudnn-runtime-ubuntu24.04

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

FROM workspace AS gpu-worker
RUN pnpm --filter @styleflow/gpu-worker deploy --prod --legacy /out \
 && node --max-semi-space-size=2 scripts/programs/main.mjs /out
# onnxruntime-node carries libraries for every system: those of others are 250 MB.
RUN cd /out/node_modules/.pnpm/onnxruntime-node@*/node_modules/onnxruntime-node/bin/napi-v6 \
 && rm -rf darwin win32 linux/arm64

FROM node:20.20.2-bookworm-slim AS without-card
RUN apt-get update \
 && apt-get install -y --no-install-recommends tini \
 && rm -rf /var/lib/apt/lists/* \
 && install --directory --owner=10001 --group=10001 /cache
COPY --from=gpu-worker /out /app
WORKDIR /app
# No name is needed: files belong to root and are only read.
USER 10001:10001
# Few allocation arenas here and a small young generation below: threads that unpack clips would spread over more memory.
ENV NODE_ENV=production ORT_DISABLE_TELEMETRY=1 MALLOC_ARENA_MAX=2 GLIBC_TUNABLES=glibc.malloc.hugetlb=1 STYLEFLOW_ADMIN_PORT=9100 STYLEFLOW_ADMIN_HOST=0.0.0.0 STYLEFLOW_EXECUTION_PROVIDERS=cpu \
    STYLEFLOW_BUNDLE_CACHE=/cache/bundles STYLEFLOW_GRAPH_CACHE=/cache/graphs
EXPOSE 9100
VOLUME /cache
HEALTHCHECK --interval=10s --timeout=5s --start-period=300s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9100/startupz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
# tini reaps what a killed child leaves behind and hands signals on: node as process 1 does neither.
ENTRYPOINT ["tini", "--", "node", "--max-semi-space-size=2", "--enable-source-maps", "dist/main.js"]

FROM gpu-worker AS gpu-worker-cuda
# The npm package carries the CPU provider only. Its own install script downloads the CUDA and TensorRT providers from
# the NuGet feed, so this step needs a way there while the image is built.
RUN cd /out/node_modules/.pnpm/onnxruntime-node@*/node_modules/onnxruntime-node \
 && ONNXRUNTIME_NODE_INSTALL=cuda12 node script/install.js \
 && test -f bin/napi-v6/linux/x64/libonnxruntime_providers_cuda.so

# CUDA 12 and cuDNN 9, as ONNX Runtime 1.30's cuda12 providers ask for. The driver comes from the host: 560 or newer, or
# one of the branches 550 and 535, which the image asks the container runtime for (NVIDIA_REQUIRE_CUDA).
# TensorRT's own libraries are not in it: the provider `tensorrt` needs a base image that has them (--build-arg CUDA_IMAGE).
FROM ${CUDA_IMAGE}
RUN apt-get update \
 && apt-get install -y --no-install-recommends libstdc++6 tini \
 && rm -rf /var/lib/apt/lists/* \
 && install --directory --owner=10001 --group=10001 /cache
COPY --from=workspace /usr/local/bin/node /usr/local/bin/node
COPY --from=gpu-worker-cuda /out /app
WORKDIR /app
# No name is needed: files belong to root and are only read.
USER 10001:10001
# compute: CUDA · utility: nvidia-smi, by which the worker finds the card's name and measures it.
ENV NVIDIA_DRIVER_CAPABILITIES=compute,utility
ENV NODE_ENV=production ORT_DISABLE_TELEMETRY=1 STYLEFLOW_ADMIN_PORT=9100 STYLEFLOW_ADMIN_HOST=0.0.0.0 STYLEFLOW_EXECUTION_PROVIDERS=cuda \
    STYLEFLOW_BUNDLE_CACHE=/cache/bundles STYLEFLOW_GRAPH_CACHE=/cache/graphs STYLEFLOW_TENSORRT_CACHE=/cache/tensorrt
EXPOSE 9100
# Bundles from S3, so that a restart does not fetch them again. (TensorRT's engines too, once the runtime's Node binding can
# tell the provider where: docs/operations/tuning.md.)
VOLUME /cache
HEALTHCHECK --interval=10s --timeout=5s --start-period=300s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9100/startupz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
# tini reaps what a killed child leaves behind and hands signals on: node as process 1 does neither.
ENTRYPOINT ["tini", "--", "node", "--enable-source-maps", "dist/main.js"]
