"""What each page of the authors' desk shows, in a fixed number of queries."""
