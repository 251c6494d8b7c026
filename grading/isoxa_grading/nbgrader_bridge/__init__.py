"""nbgrader_bridge."""
