"""The hours of work that come to a unit against those of its staff."""
