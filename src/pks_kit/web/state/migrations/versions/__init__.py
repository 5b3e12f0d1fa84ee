"""One module per version of the schema; what they make is never edited afterwards."""
