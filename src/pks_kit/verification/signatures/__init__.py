"""Every signature: ``found``, ``cms_encoding``, ``validation``, ``questions``, then ``judge``."""
