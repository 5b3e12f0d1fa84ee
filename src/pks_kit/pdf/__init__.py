"""What a PDF holds, as facts that signer, verifier and scans share; judging lies above.

Read in this order:

1. ``parsing`` how hostile bytes are asked, ``limits`` how much they may hold;
2. ``opening`` two parsers open a file and agree, or tell its flaws;
3. ``content`` walks the objects: ``active_content`` what may run, ``stream_weight`` and
   ``form_loops`` what explodes, ``attachments`` the files inside;
4. ``layout`` refuses what the three above tell, for whoever is about to sign; pages and fields;
5. ``signatures`` finds filled signature fields, ``revisions`` cuts a file by bytes;
6. ``pdfium`` opens a document where other threads may do so too;
7. ``box`` the arithmetic of rectangles, ``objects`` small tools.
"""
