"""How work passes from unit to unit, and how long it waits there."""
