"""What work and delay cost, from a file."""
