"""How the kernel decides: generators named after the kernel's functions, which read a machine and yield events."""
