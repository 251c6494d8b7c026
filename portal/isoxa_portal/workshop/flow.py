"""How much one address may send in a minute to the one door that needs no login: counted in this process.

Generous, since a hall of two hundred sits behind one address; it bounds what a single sender can cost. What turned out
to come from a participant of a class counts for that participant's key instead, a report every 15 s and some to spare:
several full halls may sit behind one address, and a class has so many keys and no more. Bytes count for the address
all the same. Guessed codes are another matter, and are counted in the database (``isoxa_grading.records.guessing``).
"""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["BYTES_A_MINUTE", "KEY_REQUESTS_A_MINUTE", "REQUESTS_A_MINUTE", "Flow"]

REQUESTS_A_MINUTE = 1500
KEY_REQUESTS_A_MINUTE = 8
BYTES_A_MINUTE = 64 * 1024 * 1024
_MOST_ADDRESSES = 20_000
_SECONDS = 60.0


@dataclass
class Flow:
    """Requests and bytes of each address in its present minute; and reports of each participant's key."""

    _seen: dict[str, tuple[float, int, int]] = field(default_factory=dict)
    _keys: dict[str, tuple[float, int]] = field(default_factory=dict)

    def wait(self, address: str, now: float, size: int = 0, requests: int = 1) -> int:
        """Count requests, of ``size`` bytes together; 0, or the seconds until this address may ask again."""
        began, count, total = self._seen.get(address, (now, 0, 0))
        if now - began >= _SECONDS:
            began, count, total = now, 0, 0
        if count + requests > REQUESTS_A_MINUTE or total + size > BYTES_A_MINUTE:
            return max(1, int(began + _SECONDS - now) + 1)
        if address not in self._seen and len(self._seen) >= _MOST_ADDRESSES:
            self._seen.clear()
        self._seen[address] = (began, count + requests, total + size)
        return 0

    def of_participant(self, address: str, key: str, now: float) -> None:
        """One request that was counted for this address was the report of a participant of a class: it counts for
        their key, as long as that does not ask too often."""
        began, count = self._keys.get(key, (now, 0))
        if now - began >= _SECONDS:
            began, count = now, 0
        if count >= KEY_REQUESTS_A_MINUTE:
            return
        if key not in self._keys and len(self._keys) >= _MOST_ADDRESSES:
            self._keys.clear()
        self._keys[key] = (began, count + 1)
        if address in self._seen:
            minute, asked, total = self._seen[address]
            self._seen[address] = (minute, max(0, asked - 1), total)
