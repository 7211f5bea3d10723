"""What a file says of itself before anybody looks at its pictures: codec, rate, size."""

from __future__ import annotations

import json
import math
import subprocess
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from ..base.faults import InputFault, RunFault

SECONDS = 60


@dataclass(frozen=True)
class FileFacts:
    """Numbers that may be compared, and words that are equal or not."""

    numbers: tuple[float, ...]
    words: tuple[str, ...]


def read_file_facts(path: Path) -> FileFacts:
    """Raises InputFault for a file that is no video, RunFault without ffprobe."""
    fields = "stream=codec_name,profile,pix_fmt,width,height,avg_frame_rate:format=format_name,duration,size"
    command = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", fields, "-of", "json", str(path)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    except FileNotFoundError as error:
        raise RunFault("the baseline reads files with the program ffprobe: install ffmpeg") from error
    try:
        told = json.loads(done.stdout)
        stream, container = told["streams"][0], told["format"]
        pixels = int(stream["width"]) * int(stream["height"])
        rate, seconds = float(Fraction(stream["avg_frame_rate"])), float(container["duration"])
        bits = 8 * int(container["size"]) / seconds
        numbers = (
            math.log(pixels),
            math.log(int(stream["width"]) / int(stream["height"])),
            math.log(rate),
            math.log(seconds),
            math.log(bits),
            math.log(bits / (rate * pixels)),
        )
    except (KeyError, IndexError, ValueError, ZeroDivisionError) as error:
        raise InputFault(f"{path} is no video that ffprobe reads: {done.stderr.decode(errors='replace').strip()}") from error
    words = tuple(str(stream.get(name, "")) for name in ("codec_name", "profile", "pix_fmt"))
    return FileFacts(numbers, (*words, str(container.get("format_name", ""))))
