"""The networks, once, under the names that checkpoints have."""
