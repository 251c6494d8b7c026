"""Passwords: what may be one, its argon2id hash, and checking it in the same time whether or not the user exists."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import VerificationError
from isoxa_courses.text import fold, nfc

__all__ = ["PasswordRefused", "check_policy", "hash_password", "needs_rehash", "password_matches"]

SHORTEST = 8
LONGEST = 200

# OWASP's recommendation for argon2id (19 MiB, 2 passes): about 30 ms, so a class of 40 can log in at once.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)

# What Vietnamese offices really type; compared folded and without spaces.
_COMMON_TEXT = """
12345678 123456789 1234567890 0123456789 87654321 987654321 12341234 11223344 123123123 112233445566 13579246
password password1 password123 passw0rd p@ssw0rd p@ssword matkhau matkhau1 matkhau12 matkhau123 matkhau@123
qwertyui qwerty123 qwertyuiop 1q2w3e4r 1qaz2wsx asdfghjk asdf1234 abcd1234 abcd@1234 abc12345 abc@1234
abc@12345 abc123456 aa123456 a1234567 a12345678 admin123 admin@123 admin1234 administrator iloveyou welcome1
vietnam1 vietnam123 vietnam@123 hanoi123 saigon123 canbo123 canbo@123 congchuc congchuc123 ubnd1234 ubnd@123
iso90012015 iso9001:2015 letmein1 changeme doimatkhau 12345678a 123456789a 123456a@ khongbiet khongnho

"""
_COMMON = frozenset(_COMMON_TEXT.split())


class PasswordRefused(ValueError):
    """Not fit to be a password; ``str()`` says why, in Vietnamese."""


def check_policy(password: str, username: str = "") -> None:
    """Raise ``PasswordRefused`` unless it is 8 to 200 characters long, not common and not the username."""
    password = nfc(password)
    if len(password) < SHORTEST:
        raise PasswordRefused(f"Mật khẩu cần ít nhất {SHORTEST} ký tự.")
    if len(password) > LONGEST:
        raise PasswordRefused(f"Mật khẩu dài quá {LONGEST} ký tự.")
    plain = fold(password).replace(" ", "")
    if plain in _COMMON or len(set(plain)) < 3:
        raise PasswordRefused("Mật khẩu này quá dễ đoán. Hãy chọn mật khẩu khác.")
    if username and plain == username:
        raise PasswordRefused("Mật khẩu không được trùng với tên đăng nhập.")


def hash_password(password: str) -> str:
    """argon2id, with its parameters and salt in the text. Composed Unicode first: keyboards differ."""
    return _HASHER.hash(_bytes(password))


def password_matches(password_hash: str | None, password: str) -> bool:
    """Whether it is the password. No hash (no such user, no password set) takes as long and is False."""
    try:
        right = _HASHER.verify(password_hash or _dummy_hash(), _bytes(password[: LONGEST + 1]))
    except (VerificationError, ValueError):  # a wrong password; or what is kept is no hash
        return False
    return right and password_hash is not None


def needs_rehash(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(password_hash)


def _bytes(password: str) -> bytes:
    # A lone surrogate, which only a made-up request can hold, is wrong like any other password.
    return nfc(password).encode("utf-8", "surrogatepass")


@cache
def _dummy_hash() -> str:
    return _HASHER.hash("")
