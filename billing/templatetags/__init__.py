"""Words of billing for templates."""
