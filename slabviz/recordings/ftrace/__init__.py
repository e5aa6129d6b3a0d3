"""ftrace text of the ``kmem`` events of Linux 6.1: what its lines look like, reading it, writing a run as such text."""
