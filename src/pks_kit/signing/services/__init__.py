"""Adapters to what signs: tokens, remote signing, gateways. One small module each."""
