"""A test authority, test timestamps and test stamps; everything is marked as a test."""
