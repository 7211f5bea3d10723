"""StyleFlow's trainer: from data sets of clips to checkpoints that `styleflow models import` reads."""

__version__ = "0.1.0"
