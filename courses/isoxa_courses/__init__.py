"""isoxa_courses."""
