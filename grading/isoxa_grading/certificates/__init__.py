"""Certificates of completion ("Giấy chứng nhận"): issued, printed, signed, looked up, checked, taken back.

``numbers`` the number and its check character · ``issuing`` rows, in the transaction of the completion · ``face`` all
that is printed · ``pdf`` the page, by typst · ``keys`` whose key signs and whom one may trust · ``signing`` and
``verifying`` PAdES · ``files`` each signed file, made once · ``lookup`` what anybody may learn of a number.

Only what needs neither typst nor pyHanko is imported here: the rule of completion imports this package.
"""

from .errors import CertificateProblem, CertificateRefused, SigningProblem
from .issuing import forget_person, issue, issue_all, issue_missing, issue_newest, reissue, revoke
from .numbers import NotANumber, check_character, make_number, parse_number

__all__ = [
    "CertificateProblem",
    "CertificateRefused",
    "NotANumber",
    "SigningProblem",
    "check_character",
    "forget_person",
    "issue",
    "issue_all",
    "issue_missing",
    "issue_newest",
    "make_number",
    "parse_number",
    "reissue",
    "revoke",
]
