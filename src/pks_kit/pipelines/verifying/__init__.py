"""What judging verbs share: policies in force, revocation, ledger, re-render, evidence."""
