"""Paper comes back: a scan is matched page by page to the issued agreement.

Read ``facts`` (what is answered), then ``reading`` (the order of the steps), then what it calls:
``pictures`` takes the sheets out of the files, ``codes`` reads the page codes, ``issued`` knows the
issued pages, ``alignment`` lays a sheet over its page, ``view`` shows it in the frame of the page,
``ink`` and ``rings`` find what a hand and a stamp leave, ``places``, ``values`` and ``changes``
decide. All thresholds stand in ``thresholds``.

Everything here works inside a guarded child: every file from outside is hostile. It needs the extra
``pks-kit[kertas]`` (OpenCV, zxing-cpp), which is imported when a scan is read and not before.

What was measured (``docs/kertas.md``) was measured on simulated paper.
"""
