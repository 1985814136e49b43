"""What a stranger with tools would try, on the whole site at once: docs/scans.md."""
