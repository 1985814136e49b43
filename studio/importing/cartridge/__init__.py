"""IMS Common Cartridge, and what Canvas makes of it."""
