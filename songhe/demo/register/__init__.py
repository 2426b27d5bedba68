"""The demo city as a register: people with names, numbers, homes and families, planted truths, department files."""
