"""Counting terms: events of the law in a log, the clock of every case, and whose days those were."""
