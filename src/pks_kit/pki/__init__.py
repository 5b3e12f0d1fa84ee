"""What certificates and tokens say, as facts that signer and verifier share.

Read in this order:

1. ``names`` what a certificate is called, ``test_marks`` test or real, ``digests`` which are
   strong, ``certificates`` these facts together, and whether a certificate may sign;
2. ``anchors`` whom to trust, ``material`` what tells about revocation, ``dss`` what a file stores
   of it;
3. ``chains`` the one way to build and judge a chain, and to gather what is missing;
4. ``revocation_*`` how authorities are asked, ``timestamp_*`` tokens of time.
"""
