"""Pages of the authors' desk."""
