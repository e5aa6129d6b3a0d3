"""From a display list to pixels."""
