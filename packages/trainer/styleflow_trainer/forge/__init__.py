"""
Fakes from real clips: a face blended into itself after its copy was changed in colour, sharpness, scale, place and time
(docs/datasets.md, "Forged fakes"). numpy and the program ffmpeg are all it needs.
"""
