"""What the kernel would have printed in a run, for reports; pictures show the same lines."""

from slabviz.timeline.kernel_log import Line, dmesg, symbol

__all__ = ["Line", "dmesg", "symbol"]
