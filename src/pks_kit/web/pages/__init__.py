"""The officer's desk: pages in HTML beside the API, below ``/meja``.

Pages ask the same state and the same workers as the API and call its operations. Read ``declared``
(what a page is), ``route`` (from the request to the answer: who, what, once, from where), ``visit``
(what a page has), ``rendering`` (templates and words), ``groups`` (all pages); then the pages
themselves, one module for each group. Templates lie in ``templates/``, what browsers fetch in
``static/``. Every page works without a script; htmx and ``desk.js`` only save waiting.
"""
