"""What is, and what can happen: plain data without decisions. Applying an event is all that changes it."""
