"""Paper that never was: the project's own simulator of printer, pen, stamp, scanner and phone.

Everything here is **simulated** and drawn by ourselves: signatures are curves, the meterai is a
label that says that it is none, stamps bear invented names. It serves tests, figures and the
demonstration; it proves nothing about real paper, and figures measured with it must say so.

Needs NumPy and OpenCV (the extra ``kertas``). Read ``stack`` for the whole road, then ``sheet``
(one sheet and its coordinates), ``printed``, ``hands`` with ``pen``, ``stamp``, ``sticker`` and
``dirt``, ``tampering``, ``devices`` and ``phone``, ``warp`` (the truth about where things are),
``encode``.
"""
