"""The native format: a folder of Markdown and YAML."""
