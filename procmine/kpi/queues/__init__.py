"""How many steps wait and are in progress, period by period."""
