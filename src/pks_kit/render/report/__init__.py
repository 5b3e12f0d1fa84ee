"""HTML reports that are not verdicts: the comparison of two template versions."""
