"""Long life: revocation before the act, validation data and document timestamps after it."""
