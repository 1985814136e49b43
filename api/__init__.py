"""The JSON API: parse, act, answer."""
