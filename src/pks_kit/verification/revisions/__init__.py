"""What was added after a signature: ``judge`` cuts and walks, the others judge objects."""
