"""The processes: SimPy lives here and nowhere else. Each file tells one actor's story; rules are in `sim.domain`."""
