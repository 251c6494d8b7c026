"""Security headers of every answer, and the content security policy.

``'unsafe-eval'`` and ``blob:`` are on lesson pages alone, because the front end there needs them: webpack's module
federation and JupyterLab's JSON schema checks compile functions, and anywidget imports a widget's ``_esm`` from a
blob. Style attributes are set by ipywidgets' layouts. Everything else comes from this host; but the pages of a hall
whose settings name the organiser's portal may ask that one address of it (`reports_to`), by its whole path.
"""

from __future__ import annotations

_COMMON = {
    "default-src": "'self'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'self'",
    "object-src": "'none'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
}

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
}


def _policy(**changes: str) -> str:
    rules = {**_COMMON, **{name.replace("_", "-"): value for name, value in changes.items()}}
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def page_policy(reports_to: str = "") -> str:
    """The policy of a page; ``reports_to``: the one address elsewhere that it may ask, or ''."""
    return _policy(style_src="'self' 'unsafe-inline'", connect_src=f"'self' {reports_to}".strip())


PAGE_POLICY = page_policy()
API_POLICY = "default-src 'none'; frame-ancestors 'none'"


def lesson_policy(host: str, reports_to: str = "") -> str:
    """The policy of a lesson page on ``host``. Older browsers do not count its websocket among ``'self'``; behind a
    proxy that ends TLS we cannot tell which scheme it has."""
    return _policy(
        script_src="'self' 'unsafe-eval' blob:",
        style_src="'self' 'unsafe-inline'",
        connect_src=f"'self' ws://{host} wss://{host} blob: data: {reports_to}".strip(),
    )
