"""Allocators of drivers over kmalloc: the course's dev_kmalloc with its header, and the kernel's devm_kmalloc."""
