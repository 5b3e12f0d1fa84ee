"""The public verbs: each pipeline reads like a table of contents."""
