"""One module per version of the schema, each standing on its own."""
