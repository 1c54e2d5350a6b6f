"""Workgroup: experts of several countries write, negotiate, vote on and publish one report."""

import gc

# The cyclic garbage collector visits young objects after this many new ones, and older ones after
# this many visits of the younger. Reference counts free nearly everything: with Python's 700, a
# tenth of the CPU time of the tests of pages went into visits that found nothing.
COLLECTED_AFTER = (10_000, 20, 20)

gc.set_threshold(*COLLECTED_AFTER)
