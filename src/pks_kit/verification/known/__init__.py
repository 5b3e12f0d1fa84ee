"""A file that begins with known issued bytes, judged without opening it: facts once, then bytes.

:mod:`.facts` says what is kept of issued bytes (found in a guarded child that sees nothing else),
:mod:`.examine` judges what follows them.
"""
