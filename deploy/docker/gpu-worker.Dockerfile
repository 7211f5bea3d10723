# The image of the gpu-worker process. Build from the repository root: docker build -f deploy/docker/gpu-worker.Dockerfile .

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

FROM workspace AS gpu-worker
RUN pnpm --filter @styleflow/gpu-worker deploy --prod --legacy /out
# The npm package carries the CPU provider only. Its own install script downloads the CUDA and TensorRT providers from
# the NuGet feed: this step needs a way out to api.nuget.org while the image is built.
RUN cd "$(dirname "$(find /out/node_modules/.pnpm -path '*/onnxruntime-node/script/install.js')")/.." \
 && ONNXRUNTIME_NODE_INSTALL=cuda12 node script/install.js \
 && test -f bin/napi-v6/linux/x64/libonnxruntime_providers_cuda.so

# CUDA 12 and cuDNN 9, as ONNX Runtime 1.30 asks for. The driver comes from the host (525.60 or newer).
FROM nvidia/cuda:12.6.3-cudnn-runtime-ubuntu24.04
COPY --from=workspace /usr/local/bin/node /usr/local/bin/node
COPY --from=gpu-worker /out /app
WORKDIR /app
# No name is needed: files belong to root, the process only reads them and writes to /tmp.
USER 10001:10001
# compute: CUDA · utility: nvidia-smi, by which the worker finds the card's name.
ENV NVIDIA_DRIVER_CAPABILITIES=compute,utility
ENV NODE_ENV=production STYLEFLOW_ADMIN_PORT=9100 STYLEFLOW_ADMIN_HOST=0.0.0.0 STYLEFLOW_EXECUTION_PROVIDERS=cuda
EXPOSE 9100
HEALTHCHECK --interval=10s --timeout=5s --start-period=300s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9100/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "--enable-source-maps", "dist/main.js"]
