"""Changes of a clip that hide nothing of what is false in it: the same for all of its frames."""
