"""Kinds of events and what stands in each (``isi``).

================== ==========================================================================
kind               facts
================== ==========================================================================
``keadaan``        ``dari``, ``ke``: states of fact sheet 2.2
``terbit``         ``file``, ``sha256``, ``size``: the issued PDF
``langkah.mulai``  ``langkah``, ``sebelum_sha256``: a step of the profile is about to be done
``langkah.selesai`` ``langkah``, ``sebelum_sha256``, ``sesudah_sha256``, ``bidang``, ``penanda``,
                   ``sn``, ``berkas``: done, checked and stored
``langkah.gagal``  ``langkah``, ``kode``: refused; nothing was done
``langkah.tidak_pasti`` ``langkah``, ``kode``: the service may have signed
``meterai.niat``   ``kunci``, ``langkah``, ``peran``, ``dokumen_sha256``, ``penyedia``, ``ke``:
                   about to buy (``ke`` counts the attempts of this
                   step from 1; ``unik`` is ``niat:<perjanjian>:<langkah>:<ke>``)
``meterai.terbit`` ``kunci``, ``sn``, ``gambar_b64``, ``dokumen_sha256``, ``penyedia``: bought
                   (``unik`` is ``sn:<sn>``)
``meterai.gagal``  ``kunci``, ``ke``, ``kode``: refused, nothing was bought
``meterai.tidak_pasti`` ``kunci``, ``tahap`` (``beli`` or ``bubuh``), ``kode``: no usable answer
``meterai.bubuh``  ``kunci``, ``sn``: about to stamp
``meterai.terbubuh`` ``kunci``, ``sn``, ``sesudah_sha256``: stamped, checked and stored
``meterai.lepas``  ``kunci``, ``ke``, ``oleh``, ``alasan``: a named person gave a purchase up, so
                   that another one is possible
``selesai``        ``file``, ``sha256``, ``size``: the final file was published
================== ==========================================================================
"""

from __future__ import annotations

KEADAAN = "keadaan"
TERBIT = "terbit"
LANGKAH_MULAI = "langkah.mulai"
LANGKAH_SELESAI = "langkah.selesai"
LANGKAH_GAGAL = "langkah.gagal"
LANGKAH_TIDAK_PASTI = "langkah.tidak_pasti"
METERAI_NIAT = "meterai.niat"
METERAI_TERBIT = "meterai.terbit"
METERAI_GAGAL = "meterai.gagal"
METERAI_TIDAK_PASTI = "meterai.tidak_pasti"
METERAI_BUBUH = "meterai.bubuh"
METERAI_TERBUBUH = "meterai.terbubuh"
METERAI_LEPAS = "meterai.lepas"
SELESAI = "selesai"
