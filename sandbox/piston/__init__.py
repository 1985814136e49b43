"""Runs programs on a Piston server elsewhere: Java first, and what else of ours it offers."""
