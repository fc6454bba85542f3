"""Pure rules of the model: no clock, no SimPy, no files. Everything here is a value or a function of its arguments."""
