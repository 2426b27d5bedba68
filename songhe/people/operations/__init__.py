"""The deeds of the register: each one transaction, with audit entry, life event and what other rooms are told."""
