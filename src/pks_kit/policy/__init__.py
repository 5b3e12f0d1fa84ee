"""YAML of the deployment that says what is asked: profiles, kinds of documents, box looks."""
