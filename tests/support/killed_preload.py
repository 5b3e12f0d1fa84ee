"""What the fork server of killed runs does once for all its workers: libraries, changes, keys."""

from support.killed_batch import prepare_process

prepare_process()
