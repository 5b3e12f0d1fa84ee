"""What the verbs that look things up share: where a parameter is used, how its value is printed."""
