"""One step: ``state`` reads what is there, ``plan`` decides, ``sign_field`` signs, checks follow.

``preflight`` questions come before any key is used; ``check_result`` and ``stamp_result`` look at
what came back before it replaces anything.
"""
