"""Where days are lost, and what each remedy could save at most."""
