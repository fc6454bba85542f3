"""The processes: SimPy lives here and nowhere else. Each file tells one actor's story; decisions are in `sim.domain`."""
