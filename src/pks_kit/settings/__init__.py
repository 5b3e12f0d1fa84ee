"""The settings file of a signing installation: its model, and what it needs from outside."""
