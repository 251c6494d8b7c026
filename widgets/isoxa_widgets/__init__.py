"""isoxa_widgets."""
