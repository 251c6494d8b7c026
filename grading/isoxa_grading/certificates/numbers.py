"""Numbers of certificates: ``ISOXA-2026-000123-K``, with a check character against slips of the pen.

The check character is ISO/IEC 7064:2003, MOD 37,36 (the hybrid system for letters and digits with one check
character), over ``ISOXA``, the year and the six digits. It finds every single wrong character and nearly every
transposition of two neighbours. MOD 37-2 would find a few more, but its check character can be ``*``.

Whoever types a number from paper is met half way: spaces, lower case, missing or other hyphens, a missing
``ISOXA``, and O for 0 or I and L for 1 are put right before the check character is looked at. So that this never
makes one number of another, a number whose check character would be O, I or L is not given out: about one in twelve
is left out of the year's row.
"""

from __future__ import annotations

import re

from isoxa_courses.text import clean, fold

__all__ = ["LONGEST_TYPED", "NotANumber", "can_be_given", "check_character", "make_number", "parse_number"]

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PREFIX = "ISOXA"
_MODULUS = len(_ALPHABET)
LONGEST_TYPED = 80
_LOOK_ALIKE = str.maketrans("OIL", "011")
_TYPED = re.compile(r"(?:[I1L]S[O0]XA)?(?P<digits>[0-9OIL]{10,13})(?P<check>[0-9A-Z])")


class NotANumber(ValueError):
    """What was typed is no certificate number; ``str()`` says what to look at (Vietnamese)."""


def check_character(text: str) -> str:
    """The character that makes ``text`` (digits and capital letters) right under ISO/IEC 7064 MOD 37,36."""
    product = _MODULUS
    for character in text:
        total = (product + _ALPHABET.index(character)) % _MODULUS
        product = (total or _MODULUS) * 2 % (_MODULUS + 1)
    return _ALPHABET[(_MODULUS + 1 - product) % _MODULUS]


def make_number(year: int, sequence: int) -> str:
    """The number of the ``sequence``-th certificate of ``year`` (1 is the first); beyond 999 999 it grows longer."""
    digits = f"{sequence:06d}"
    return f"{_PREFIX}-{year}-{digits}-{check_character(f'{_PREFIX}{year}{digits}')}"


def can_be_given(number: str) -> bool:
    """Whether its check character can be told from every digit."""
    return number[-1] not in "OIL"


def parse_number(typed: str) -> str:
    """The number as it is kept, from what somebody typed or scanned. Raises ``NotANumber``."""
    if len(typed) > LONGEST_TYPED:
        raise NotANumber("Số giấy chứng nhận có dạng ISOXA-2026-000123-K. Anh/chị chép lại đúng dòng “Số:”.")
    kept = re.sub(r"[^0-9A-Z]", "", fold(clean(typed)).upper())
    read = _TYPED.fullmatch(kept)
    if read is None:
        raise NotANumber(
            "Đây chưa phải số giấy chứng nhận. Số có dạng ISOXA-2026-000123-K: "
            "năm, sáu chữ số và một ký tự kiểm tra ở cuối."
        )
    digits = read["digits"].translate(_LOOK_ALIKE)
    number = make_number(int(digits[:4]), int(digits[4:]))
    same_digits = number.split("-")[2] == digits[4:]
    if not same_digits or number[-1] != read["check"].translate(_LOOK_ALIKE):
        raise NotANumber(
            "Số này có chỗ chép nhầm: ký tự kiểm tra ở cuối không khớp với các chữ số. "
            "Anh/chị so lại từng ký tự với giấy rồi nhập lại."
        )
    return number
