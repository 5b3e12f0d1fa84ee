"""Rules that the kernel keeps for a child, whatever code runs in it.

``enter`` is the one call; it applies ``privileges`` (no new ones, none kept, limits), ``landlock``
(which files), ``seccomp`` (which system calls: ``allowed`` is the list, ``bpf`` its program,
``syscalls`` the numbers) and, as second line, ``audit_hook``. ``places`` names what may be read,
``isolation`` says what holds. ``own_memory`` closes the memory of a process to its neighbours, and
``bubblewrap`` starts a process in an empty view of the machine, where that is asked for.
"""
