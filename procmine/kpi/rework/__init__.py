"""What is done twice: repeats, returns, reopened cases, requests to complete, and steps that nobody asks for."""
