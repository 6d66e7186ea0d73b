"""The tests of procmine, in folders that mirror its own."""
