"""Authors' and staff's side: import, export, desks."""
