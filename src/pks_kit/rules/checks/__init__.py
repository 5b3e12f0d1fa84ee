"""The checks of contract data; ``catalogue.py`` lists them in the order they run."""
