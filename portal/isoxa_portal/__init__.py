"""isoxa_portal."""

from .quick_imports import stand_aside

# Before anything of ours imports jsonschema.
stand_aside()
