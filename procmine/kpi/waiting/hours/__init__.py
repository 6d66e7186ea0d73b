"""When resources are at work: hours that are given, or found in the log, with holidays and leave."""
