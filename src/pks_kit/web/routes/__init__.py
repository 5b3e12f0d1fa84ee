"""The operations, one module for each group; each lists its own in ``OPERATIONS``."""
