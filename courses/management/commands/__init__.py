"""Commands about what is taught."""
