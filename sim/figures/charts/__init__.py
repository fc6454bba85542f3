"""Charts that a reader can turn: tables -> a Vega-Lite specification with its rows, drawn by the page that holds it.

A chart is a dictionary as Altair makes it, with the rows of its data set `rows` under `columns` (see `columns.py`).
Colours are those of the printed figures.
"""
