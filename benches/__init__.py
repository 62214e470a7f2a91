"""Benchmarks of nutgraf against its peers: ``python -m benches run`` from the top folder.

Not part of the package, and never a gate on time: what fails a run is a wrong answer.
"""
