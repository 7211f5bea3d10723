# The image of the trainer: PyTorch for NVIDIA cards, the program ffmpeg, and nothing of the system that serves.
# Build from the repository root: docker build -f deploy/docker/trainer.Dockerfile .
FROM pytorch/pytorch:2.4.1-cuda12.1-cudnn9-runtime
# ffmpeg compresses clips as augmentation, libbrotli1 unpacks clips of version 2.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ffmpeg libbrotli1 tini \
 && rm -rf /var/lib/apt/lists/*
COPY packages/trainer/styleflow_trainer /app/styleflow_trainer
ENV PYTHONPATH=/app PYTHONUNBUFFERED=1 HOME=/tmp GLIBC_TUNABLES=glibc.malloc.hugetlb=1
WORKDIR /runs
# No name is needed: it reads /data, and /runs belongs to whoever mounts it.
USER 10001:10001
# A run is no service: it tells of itself in its log, and ends.
HEALTHCHECK NONE
STOPSIGNAL SIGTERM
# tini hands signals on: the trainer saves all of its state and ends.
ENTRYPOINT ["tini", "--", "python3", "-m", "styleflow_trainer"]
CMD ["--help"]
