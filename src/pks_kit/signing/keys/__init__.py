"""Keys in files: PKCS #12 and PEM, opened with their passphrase."""
