"""What happened: event records of one run, and the tidy tables made of them. Recording draws no random number."""
