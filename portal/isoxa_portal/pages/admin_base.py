"""What the administrator's pages share: the scope, the way back, and forms that name accounts with their versions."""

from __future__ import annotations

import re

from isoxa_grading.records.passwords import SHORTEST
from isoxa_grading.records.tables import Role

from ..errors import PortalError
from ..handlers import PortalHandler
from ..i18n import gettext as _
from .account_changes import Desk
from .environment import number
from .view import Place

__all__ = ["ADMIN", "AdminHandler"]

ADMIN = frozenset({Role.ADMIN})
_KEY = re.compile(r"([0-9]{1,9})\.([0-9]{1,9})", re.ASCII)


class AdminHandler(PortalHandler):
    """A page of the administrator's."""

    @property
    def scope(self) -> list[str]:
        return self.me.scope_paths(Role.ADMIN)

    @property
    def desk(self) -> Desk:
        """The administrator at work, now."""
        return Desk(self.portal, self.me, self.scope, self.portal.clock())

    def place(self, *inner: tuple[str, str | None]) -> Place:
        return [(_("Quản trị"), self.portal.url("quan-tri")), *inner]

    def password_hint(self) -> str:
        return _("Ít nhất %(count)s ký tự, không trùng tên đăng nhập. Trao tận tay người dùng.") % {
            "count": number(SHORTEST)
        }

    def versions(self, field: str) -> dict[int, int | None]:
        """The accounts a form names, each as ``id.version``. Raises 400 for anything else."""
        found: dict[int, int | None] = {}
        for value in self.get_body_arguments(field):
            key = _KEY.fullmatch(value)
            if key is None:
                raise self.malformed()
            found[int(key[1])] = int(key[2])
        return found

    def malformed(self) -> PortalError:
        return PortalError(400, "bad_request", _("Yêu cầu không hợp lệ. Chưa có gì thay đổi."))
