"""Checkpoints: read without running anything of them, recognised, loaded, written."""
