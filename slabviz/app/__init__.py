"""The player: its loop, its key map, and the only clock."""
