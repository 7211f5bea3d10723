"""How far one gets without looking at a single pixel."""
