"""What can go wrong with certificates, in words.

::

    CertificateProblem
    ├── CertificateRefused   somebody asked for what cannot be; `.code` says which rule
    └── SigningProblem       the key, its file or the timestamp server cannot be used now
"""

from __future__ import annotations

__all__ = ["CertificateProblem", "CertificateRefused", "SigningProblem"]

_REFUSALS = {
    "no_reason": "Chưa có lý do thu hồi. Người được cấp và người tra cứu cần biết vì sao; chưa có gì thay đổi.",
    "long_reason": "Lý do dài quá 500 ký tự. Anh/chị viết ngắn lại; chưa có gì thay đổi.",
    "revoked": "Giấy chứng nhận này đã bị thu hồi trước đó. Không có gì thay đổi.",
    "not_revoked": "Giấy chứng nhận này chưa bị thu hồi nên chưa cấp lại được. Hãy thu hồi trước, ghi rõ lý do.",
    "replaced": "Giấy chứng nhận này đã được cấp lại rồi. Không có gì thay đổi.",
    "erased": "Thông tin của người được cấp đã xóa theo yêu cầu, nên không còn tên để in vào giấy.",
    "unknown": "Chưa từng cấp giấy chứng nhận có số này.",
}


class CertificateProblem(Exception):
    """Something about certificates that can be told to a user; ``str()`` is Vietnamese."""


class CertificateRefused(CertificateProblem):
    """A rule forbids it; nothing was changed."""

    def __init__(self, code: str) -> None:
        super().__init__(_REFUSALS[code])
        self.code = code


class SigningProblem(CertificateProblem):
    """The signature cannot be made now; nothing was issued or lost."""
