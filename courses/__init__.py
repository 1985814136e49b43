"""What is taught: languages, courses, modules, lessons, and the Markdown they are written in."""
