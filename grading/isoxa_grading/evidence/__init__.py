"""The evidence pack ("hồ sơ minh chứng") of a commune: what an audit of ISO 9001:2015, 7.2 asks to see, as one ZIP.

``gathering`` reads the records of the commune, and of no other, as of a day · ``papers`` sets them out as documents ·
``packing`` names the files, says what each of them shows, and writes the ZIP. The same records and the same day give
the same bytes, whoever asks, wherever: no clock, no machine and no time zone is in any file.
"""

from .gathering import Gathered, NoSuchCommune, gather
from .packing import Pack, evidence_pack, pack_name

__all__ = ["Gathered", "NoSuchCommune", "Pack", "evidence_pack", "gather", "pack_name"]
