"""Pages from laid-out blocks: what WeasyPrint measured once is cut into pages again and again."""
