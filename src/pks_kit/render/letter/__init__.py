"""A letter on paper and in Word, from the same tree as an agreement.

``html`` and ``docx`` differ from those of an agreement in what surrounds the words: a letterhead
instead of numbers, page codes and initials, and room for a signature instead of boxes. ``pages``
makes the PDF, which says that it is a letter, so that nobody signs it as an agreement.
"""
