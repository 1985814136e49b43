"""What each page shows, fetched in a fixed number of queries."""
