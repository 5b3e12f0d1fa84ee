"""Signing and stamping: keys, timestamps, meterai, the checks before and after each step."""
