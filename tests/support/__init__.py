"""What tests share: helpers by what they make or judge, and the fixtures in ``fixtures/``.

``sample`` is the sample contract. ``signed_files``, ``third_party_pdfs``, ``scans`` and
``ledgers`` make what the verifier is given, without ``pks_kit.signing``; ``tamper``,
``forgeries``, ``mutations`` and ``tamperings/`` spoil it; ``judging`` asks for the verdict.
``signing_world`` signs with the product, ``scenario`` runs whole sessions, ``crashes`` kills them.
``fakes/`` are providers on loopback; ``bsre_gateway``, ``peruri_world``, ``pki_world`` and
``softhsm`` set them up.
"""
