"""Data sets: tar shards of clips in the WebDataset convention, read by place."""
