"""Calibration: which values of the uncertain settings make runs look like what was observed, and which cannot be told.

History matching on an emulator (`emulator`, `matching`; Craig et al. 1997; Vernon, Goldstein & Bower 2010), then a
posterior by MCMC on the emulated likelihood (`posterior`); `identify` says what the observations told and which of them
did, `recovery` whether intervals hold known truths as often as they state. A parameter is a number in [0, 1], the
quantile of its prior; a summary is a statistic of a run, so transformed that its noise is about normal.
"""
