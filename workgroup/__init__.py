"""Workgroup: experts of several countries write, negotiate, vote on and publish one report."""
