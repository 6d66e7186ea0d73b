"""Pictures of the tables: each function draws what its table says and returns the axes."""

from procmine.plot.process_map import plot_process_map

__all__ = ["plot_process_map"]
