"""Templates to one tree: Markdown and Jinja in, numbered pasal, ayat and lampiran out.

Order: ``catalogue`` and ``manifest`` find a version, ``environment`` fills it, ``parsed`` and
``blocks`` read the Markdown, ``assemble`` builds the ``tree``, ``numbering`` and ``references``
give every clause its label. ``lint/`` judges templates, ``diff/`` compares two versions.
"""
