"""Which digests count as strong: one set for signatures, timestamps and their containers."""

STRONG_DIGESTS = frozenset({"sha256", "sha384", "sha512", "sha3_256", "sha3_384", "sha3_512"})
"""Names as asn1crypto, pyHanko and hashlib write them; collisions of SHA-1 can be bought."""
