"""Long-term validation (PAdES B-LT and B-LTA): the DSS and the archive timestamp."""
