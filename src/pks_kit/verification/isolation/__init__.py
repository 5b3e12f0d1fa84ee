"""The guarded children: whoever reads a file from outside lives for this file alone, within limits.

Read in this order. In the host: ``parent`` (what is asked, and the one place that reads answers),
``lines`` (what may be said at all), ``belief`` and ``passing`` (what of it is believed),
``pool`` (the guard: ``GuardedPool``, ``default_pool``), ``server_process`` (how the fork server is
started and ended), ``child_request`` (one request on its way), ``fair_semaphore`` and
``cancellation``; ``second`` (what becomes of the first child's report) and ``repeated`` (what it is
held against). On both sides: ``wire``. In the fork server, a fresh interpreter or a copy of a
command without secrets: ``fork_server``, ``preload``, ``exercise``. In the children that it forks
for each file: ``child``, ``sandbox`` (the one place where it enters its limits), ``kernel`` (what
it may do afterwards), ``tasks``, ``unproven_chains``.
"""
