"""The ledger: what was done to an agreement, written down before and after every paid call."""
