"""Time as a place: the runs, their checkpoints, any tick of them, saved runs and the playback position."""
