"""The code on the wall: short, typed by hand, bound to one workshop (its course and its days).

Twelve characters in three groups: four that name the workshop, seven that are secret, one that tells a slip of the
hand. The alphabet is that of activation codes: no look-alikes, nothing that a Vietnamese keyboard changes. A result
file carries the first four, and a proof that whoever made it knew the rest: an HMAC of what is signed under a key made
of the code by scrypt (RFC 7914), so that the file tells nobody the code. 22 characters to the power of 7 are 31 bits;
with some 50 ms a guess, one machine would need years for all of them, and the code holds for a day.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from functools import lru_cache

from isoxa_grading.records.activation import ALPHABET, plain_code

from .errors import EntryRefused

__all__ = ["is_code", "name_of", "new_code", "proof_of", "read_code", "shown_code"]

NAME, SECRET = 4, 7
_LENGTH = NAME + SECRET + 1
_SALT = b"isoxa workshop code 1"


def new_code() -> str:
    """A random code, plain (without dashes)."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(NAME + SECRET))
    return drawn + _check(drawn)


def shown_code(code: str) -> str:
    """``XXXX-XXXX-XXXX``, as it stands on the wall."""
    return "-".join(code[begin : begin + 4] for begin in range(0, len(code), 4))


def read_code(typed: str) -> str:
    """The plain code that was typed. Raises `EntryRefused` where it cannot be one: a slip shows at once."""
    code = plain_code(typed)
    if not is_code(code):
        raise EntryRefused(
            "Mã lớp chưa đúng: mã có 12 ký tự, viết thành ba nhóm như trên màn chiếu. Anh/chị xem lại từng ký tự; "
            "chưa có mã thì để trống, nhập sau cũng được.",
            "class_code",
        )
    return code


def is_code(code: str) -> bool:
    """Whether it has the form of a plain code."""
    return len(code) == _LENGTH and all(one in ALPHABET for one in code) and _check(code[:-1]) == code[-1]


def name_of(code: str) -> str:
    """The part that names the workshop, and is no secret."""
    return code[:NAME]


def proof_of(code: str, content: bytes) -> str:
    """The HMAC-SHA256 of ``content`` under the code's key; hex."""
    return hmac.digest(_key(code), content, "sha256").hex()


@lru_cache(maxsize=64)
def _key(code: str) -> bytes:
    # A hall's files share a code: the key is made once.
    return hashlib.scrypt(code.encode(), salt=_SALT, n=2**14, r=8, p=1, dklen=32)


def _check(text: str) -> str:
    """A character that any single wrong one, and any two neighbours swapped, would change (Luhn mod N)."""
    size, total, double = len(ALPHABET), 0, True
    for one in reversed(text):
        value = ALPHABET.index(one) * (2 if double else 1)
        total += value // size + value % size
        double = not double
    return ALPHABET[-total % size]
