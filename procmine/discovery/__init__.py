"""What the process really looks like: process map and variants."""

from procmine.discovery.process_map import ProcessMap, edge_summary, process_map
from procmine.discovery.variants import variant_summary, variants

__all__ = ["ProcessMap", "edge_summary", "process_map", "variant_summary", "variants"]
