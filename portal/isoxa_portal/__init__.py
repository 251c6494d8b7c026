"""isoxa_portal."""
