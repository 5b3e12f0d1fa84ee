"""Dated legal parameters: ``parameter_file`` reads a file, ``parameters`` answers by day."""
