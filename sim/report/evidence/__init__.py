"""How the run and the model compare with what has been observed."""
