"""What the process really looks like: process map and variants."""

from procmine.discovery.process_map import ProcessMap, process_map
from procmine.discovery.variants import variants

__all__ = ["ProcessMap", "process_map", "variants"]
