"""isoxa_grading."""
