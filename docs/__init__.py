"""Pages for users, and the scripts that keep them in step with the code."""
