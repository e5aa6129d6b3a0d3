"""Recordings of a real kernel: reading them, replaying them, comparing every recorded outcome."""
