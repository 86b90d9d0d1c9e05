"""The solvers that are compared, each in its best model: one module a peer, each with `NAME`, `MODEL` and `solve(counts)`.

`solve` answers a model of `counts` with the least cost, whether that is proven, or None where nothing fits.
"""
