"""What went wrong in a run, how it came to it, and what it did to the bytes: the state behind the error screen.

``calls`` reads the calls of drivers and of the allocator from the log, ``incidents`` finds what went wrong and who
caused it, ``paint`` follows the bytes from call to call, ``story`` puts it into words.
"""
