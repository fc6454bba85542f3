"""Forecasts as quantiles, how well they did, and the statistical forecasts they have to beat."""
