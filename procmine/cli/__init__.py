"""The command line: procmine inspect, report and demo, thin over the public functions."""

from procmine.cli.commands import SAMPLE, SAMPLE_BINDING, app, main
from procmine.cli.progress import Progress, moving_bar

__all__ = ["SAMPLE", "SAMPLE_BINDING", "Progress", "app", "main", "moving_bar"]
