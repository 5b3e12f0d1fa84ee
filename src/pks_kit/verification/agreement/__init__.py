"""Is it the agreement that was asked for: policy, parties, names, places, meterai, term."""
