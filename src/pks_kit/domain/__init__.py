"""Pure types and functions of the agreement: nothing here reads files, clock or environment.

Read ``kontrak.py`` (the contract data) first, ``receipt.py`` (what is recorded at issue), then
the small ones: words and numbers (``terbilang``, ``rupiah``, ``tanggal``), people and documents
(``nama_orang``, ``nik``, ``sebutan``), kinds of facilities (``jenis_faskes``, ``sifat_faskes``).
"""
