"""Gateways of BSrE: version 1, version 2 and the seal."""
