"""Values that follow from data and parameters; ``values.py`` gathers them for templates."""
