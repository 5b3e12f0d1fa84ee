"""The one reader of YAML, for contracts, settings, templates, parameters and words alike.

Read in this order: ``nodes`` (the tree, and what is wrong with it), ``reader`` (text to tree, with
limits and refusals), ``values`` (tree to Python values),
``comments`` (what a value lost to a comment), ``model`` (text to a pydantic model).
It stands at the bottom, for the catalogue of messages is YAML too: problems carry codes, and the
rooms above turn them into errors with words.
"""
