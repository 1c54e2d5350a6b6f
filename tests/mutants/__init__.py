"""Breaks pure modules and services one place at a time and names what no test notices.

Run by hand: ``make mutants`` breaks 150 places, spread over all modules and always the
same ones; ``python -m tests.mutants workgroup/deciding/tally.py`` breaks every place of
the modules that are named, ``--places 20`` only 20 of them, and ``--places 0`` every
place of all.

One process collects the tests once. A fork of it runs them all and writes down which
functions each test calls. Then each mutant is a fork in which one function has other
code, and only the tests that call it run, the quickest first: a second, not a minute.
What lives, and what is in no function (a default, a table), is broken in a copy of the
tree and meets all tests of its module, in processes that have imported nothing of it.
"""
