"""What each region of the stage looks like: functions from state to nodes, one file a region."""
