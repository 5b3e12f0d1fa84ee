"""Make a scan small enough for a portal without losing what is judged on it.

Read ``shrink`` first: sheet after sheet becomes black and white text (CCITT G4 at 150 dpi), with
the places where a hand, a stamp or a sticker left something laid over it in colour.
``paper_sizes`` tells how large a sheet is, ``areas`` what keeps its colours, ``layers`` makes the
pictures of a page, ``files`` writes them as PDF, as one file or as several below the limit.

Works inside a guarded child, as everything of :mod:`pks_kit.scan`.
"""
