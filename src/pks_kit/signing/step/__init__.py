"""One step: ``state`` reads what is there, ``plan`` decides, ``sign_field`` signs, checks follow.

``preflight`` questions come before any key is used; ``check_result`` and ``stamp_result`` look at
what came back before it replaces anything. Files from outside are opened where ``Looks`` says
(:mod:`pks_kit.foreign`); ``reserved_space`` is what a key sees of them.
"""
