"""What drafting verbs share: values for templates, issuing, many sources."""
