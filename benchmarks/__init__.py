"""Performance claims, each measured beside the stock tool on the same work in the same run.

``python -m benchmarks`` runs all; ``python -m benchmarks.NAME --json`` one, with one JSON object as its last line.
"""
