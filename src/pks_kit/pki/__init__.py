"""What certificates and tokens say, as facts that signer and verifier share.

``certificates`` names and kinds, ``test_marks`` test or real, ``anchors`` whom to trust,
``chains`` paths and revocation, ``revocation_*`` how revocation is asked, ``timestamp_*`` tokens.
"""
