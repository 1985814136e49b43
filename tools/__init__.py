"""What the product needs around it on one machine: environment, servers, supervisor."""
