"""Drafts of feedback that a language model writes: wanted, asked for, guarded, kept."""
