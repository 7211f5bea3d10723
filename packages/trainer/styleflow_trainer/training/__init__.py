"""The loop that both stages share, and what it needs."""
