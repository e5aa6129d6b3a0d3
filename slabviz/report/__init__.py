"""What a run amounts to: the kernel's counters, summaries, expectations."""
