"""Distributors of e-meterai: on premise with its shared folder, and in the cloud."""
