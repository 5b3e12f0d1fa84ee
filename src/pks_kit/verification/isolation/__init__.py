"""The guarded child: whoever reads a file from outside lives for this file alone, within limits.

Read in this order. In the host: ``parent`` (what is asked, and the one place that reads answers),
``lines`` (what may be said at all), ``belief`` and ``passing`` (what of it is believed),
``pool`` (the guard: ``GuardedPool``, ``default_pool``), ``child_request`` (one request on its way),
``fair_semaphore`` and ``cancellation``. On both sides: ``wire``. In the fork server, a fresh
interpreter: ``fork_server``, ``preload``. In the child that it forks for each file: ``child``,
``sandbox`` (the one place where it enters its limits), ``kernel`` (what it may do afterwards),
``tasks``, ``unproven_chains``.
"""
