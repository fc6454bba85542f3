"""Figures: one file each, tables -> Figure."""


def draw_all(results: object) -> list[str]:
    return []
