"""Sign and stamp one agreement: a step at a time, each checked before the next.

``ports.py`` says what a key, a timestamp authority, a gateway and a distributor must do;
``step/`` plans, makes and checks one signature; ``keys/`` and ``services/`` are the real ones,
``sandbox/`` the ones for tests; ``archive/`` adds what long-term validation needs.
"""
