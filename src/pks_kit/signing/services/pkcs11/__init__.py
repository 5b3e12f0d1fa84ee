"""Keys in hardware: PKCS #11."""
