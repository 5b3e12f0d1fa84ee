"""The one HTTP client: limits, secrecy, no redirects."""
