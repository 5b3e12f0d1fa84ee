"""The answer: ``verdict`` and ``answers``, then pictures, changes and the HTML page."""
