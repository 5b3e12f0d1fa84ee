"""The command line: parsing and presentation only."""
