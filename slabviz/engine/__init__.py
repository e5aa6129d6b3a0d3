"""Who runs when: CPU agents, interrupts, workload programs and the named streams of chance."""
