"""The makers of the five invented exports that are laid out as registries really mail them."""
