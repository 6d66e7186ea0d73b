"""From an export to an EventLog."""
