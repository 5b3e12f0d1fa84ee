"""Types and pure functions of the agreement: parties, dates, money, words, identity."""
