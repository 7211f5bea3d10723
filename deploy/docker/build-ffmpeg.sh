#!/bin/sh
# Builds ffmpeg and ffprobe into the folder that is named, from the source package of this Debian release, so with its security fixes.
#
# Debian's own programs load more than 200 libraries at each start: for a short video that costs more than everything else that is done
# with it, and each of them could have a hole. These have the same decoders, and only what a CPU worker uses beside them: the containers
# that it takes, local files, raw pictures out (and VP9 in WebM, H.264 by OpenH264, PNG and JPEG). Nothing in them reaches the network. The licence is the LGPL.
#
# Root is needed, for the packages that it installs. It takes about five minutes on four cores.
set -eu
target=${1:?'usage: build-ffmpeg.sh FOLDER'}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

sed 's/^Types: deb$/Types: deb-src/' /etc/apt/sources.list.d/debian.sources > /etc/apt/sources.list.d/debian-source.sources
apt-get update
apt-get install -y --no-install-recommends \
  dpkg-dev gcc libc6-dev make nasm pkg-config libdav1d-dev libopenh264-dev libvpx-dev zlib1g-dev libbz2-dev liblzma-dev

cd "$work"
# Unpacked with Debian's patches.
apt-get source ffmpeg
cd ffmpeg-*/
# The second line of demuxers is opened by no file: program and transport streams tell by them what a stream holds.
./configure \
  --prefix="$target" --disable-autodetect --disable-shared --enable-static --disable-doc --disable-debug --disable-ffplay \
  --disable-network --disable-devices --disable-hwaccels \
  --disable-protocols --enable-protocol=file,pipe,subfile \
  --disable-demuxers --enable-demuxer=mov,matroska,avi,mpegts,mpegps,flv,asf,ogg,gif,mxf,ivf \
  --enable-demuxer=rawvideo,mpegvideo,h264,hevc,m4v,vc1,dirac,aac,ac3,eac3,dts,mp3,loas,truehd \
  --disable-muxers --enable-muxer=rawvideo,h264,null,webm,image2,image2pipe \
  --disable-encoders --enable-encoder=rawvideo,libvpx_vp9,libopenh264,png,mjpeg \
  --enable-zlib --enable-bzlib --enable-lzma --enable-libdav1d --enable-libopenh264 --enable-libvpx
make -j"$(nproc)"
make install-progs
