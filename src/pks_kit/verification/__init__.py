"""Judge returned files. What a file is comes from ``pdf`` and ``pki``; here it is judged.

First ``signatures/signed_ranges.py`` tells what the bytes of the signatures prove by themselves.
Order, as ``examine.py`` then runs it: ``file/`` (may it be read, what does it hold),
``signatures/`` (found, intact, trusted), ``revisions/`` (what was added later), ``agreement/``
(parties, places, meterai, term). ``second_look.py`` reads words and draws. ``report/`` holds
verdict, words and pages; ``isolation/`` the guarded children.
"""
