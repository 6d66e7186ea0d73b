"""Why cases wait: batches, busy and absent resources, others whose turn it is, and what remains unexplained."""
