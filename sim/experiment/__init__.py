"""Experiments: replications of scenarios in parallel, kept in a store, compared in pairs, written as results."""
