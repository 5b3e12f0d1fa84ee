"""What a PDF holds, as facts that signer, verifier and scans share; judging lies above.

``layout`` opens a file and tells pages and fields, ``active_content`` what in it may run,
``box`` the arithmetic of rectangles.
"""
