"""What every verb shares at its door, in this order.

``checked`` refuses requests of wrong types; ``given`` reads what a request holds (bytes, text,
paths, data); ``clock`` is the system's when none was given; ``background`` makes the form of a
verb that leaves an event loop free.
"""
