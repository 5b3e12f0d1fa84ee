"""Dated parameters, computed values and checks of contract data. Pure: no clock, no network."""
