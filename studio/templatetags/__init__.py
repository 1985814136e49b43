"""Tags of the authors' desk."""
