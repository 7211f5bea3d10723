"""Where reference numbers lie: the repository has them once, for tests in both languages."""

from pathlib import Path

PACKAGES = Path(__file__).resolve().parents[2]
# Made by the original PyTorch code at small widths (packages/testing/fixtures/README.md).
TINY = PACKAGES / "testing" / "fixtures" / "tiny"
ODD = PACKAGES / "testing" / "fixtures" / "odd"
# One clip in each version of the format (packages/clips/fixtures/README.md).
CLIPS = PACKAGES / "clips" / "fixtures"
