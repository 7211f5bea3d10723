"""The stages: what each trains, on what, towards what."""
