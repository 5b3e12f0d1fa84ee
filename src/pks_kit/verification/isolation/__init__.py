"""The guarded child.

``parent`` starts it, ``wire`` speaks with it, ``child`` and ``tasks`` run in it.
"""
