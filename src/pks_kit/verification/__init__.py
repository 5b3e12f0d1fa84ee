"""Judge returned files. What a file is comes from ``pdf`` and ``pki``; here it is judged.

Order, as ``examine.py`` runs it: ``file/`` (may it be read, what does it show), ``signatures/``
(found, intact, trusted), ``revisions/`` (what was added later), ``agreement/`` (parties, places,
meterai, term). ``report/`` holds verdict, words and pages; ``isolation/`` the guarded child.
"""
