"""H.264 and JPEG as ffmpeg makes them: the whole clip in, the whole clip out."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np

from ..base.faults import RunFault
from ..data.clip_codec import Clip

SECONDS = 120


def through_h264(clip: Clip, quality: int) -> Clip:
    """x264's constant quality: 18 is hardly seen, 40 is coarse."""
    return _through(clip, ["-c:v", "libx264", "-preset", "veryfast", "-crf", str(quality), "-pix_fmt", "yuv420p"], "h264")


def through_jpeg(clip: Clip, quality: int) -> Clip:
    """ffmpeg's scale of JPEG: 2 is best, 31 worst. Every frame by itself."""
    return _through(clip, ["-c:v", "mjpeg", "-q:v", str(quality), "-pix_fmt", "yuvj420p"], "mjpeg")


def write_h264(clip: Clip, quality: int, path: Path) -> None:
    """The clip as a video of 25 frames a second; the same bytes for the same clip and program."""
    _, height, width, _ = clip.shape
    raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", "25", "-i", "pipe:0"]
    codec = ["-c:v", "libx264", "-preset", "veryfast", "-crf", str(quality), "-pix_fmt", "yuv420p", "-threads", "1"]
    _ffmpeg([*raw, *codec, "-fflags", "+bitexact", "-f", "mp4", "-y", str(path)], clip.tobytes())


def _through(clip: Clip, codec: list[str], container: str) -> Clip:
    frames, height, width, _ = clip.shape
    raw = ["-f", "rawvideo", "-pix_fmt", "rgb24"]
    sizes = ["-s", f"{width}x{height}", "-r", "25"]
    # One thread: the bytes must not depend on how many cores there are.
    packed = _ffmpeg([*raw, *sizes, "-i", "pipe:0", *codec, "-threads", "1", "-f", container, "pipe:1"], clip.tobytes())
    values = _ffmpeg(["-threads", "1", "-f", container, "-i", "pipe:0", *raw, "-vsync", "passthrough", "pipe:1"], packed)
    if len(values) != clip.nbytes:
        raise RunFault(f"ffmpeg gave {len(values)} bytes of a clip of {clip.nbytes} ({frames} frames, {container})")
    return np.frombuffer(values, dtype=np.uint8).reshape(clip.shape)


def _ffmpeg(arguments: list[str], content: bytes) -> bytes:
    command = ["ffmpeg", "-nostdin", "-v", "error", *arguments]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=False)
    except FileNotFoundError as error:
        raise RunFault("augmentation by compression needs the program ffmpeg: install it, or set compress = 0") from error
    except subprocess.TimeoutExpired as error:
        raise RunFault(f"ffmpeg took longer than {SECONDS} s for one clip") from error
    if done.returncode != 0:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise RunFault(f"ffmpeg failed on a clip: {''.join(last)}")
    return done.stdout
