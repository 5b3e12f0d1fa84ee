"""The text of agreements: template catalogue, template language, numbering, references, tree."""
