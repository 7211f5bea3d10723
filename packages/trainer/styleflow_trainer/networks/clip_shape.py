"""The numbers that every network shares."""

CLIP_FRAMES = 32
CROP_SIDE = 256
# Side of the pictures that the content network sees; the imported graph always has this one.
CONTENT_SIDE = 224
# Time steps that the content network leaves of a clip.
CLIP_TOKENS = 16
# Steps from frame to frame.
FLOW_STEPS = CLIP_FRAMES - 1
# Style layers of a pSp code.
STYLE_LAYERS = 18
# Width of one attention head of the transformer.
HEAD_WIDTH = 64
