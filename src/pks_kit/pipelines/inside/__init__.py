"""Files from outside are opened in a guarded child: who asks there, and what answers there.

``looks`` is the side of the verbs: it hands a question and its files to a child and reads the
answer. ``child`` runs in the child: it knows every question that may be asked. The questions
themselves stand where their answers are needed, in ``signing``, ``render`` and ``inputs``.
"""
