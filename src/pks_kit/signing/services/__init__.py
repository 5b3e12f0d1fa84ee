"""Partners outside: BSrE gateways, Peruri distributors, CSC and PKCS #11 keys."""
