"""What everything else stands on: errors, ranks, seeds."""
