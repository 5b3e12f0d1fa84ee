"""A file that begins with known issued bytes, judged without opening it: facts once, then bytes.

:mod:`.facts` says what is kept of issued bytes, :mod:`.looking` finds it (in guarded children that
see nothing else),
:mod:`.examine` judges what follows them.
"""
