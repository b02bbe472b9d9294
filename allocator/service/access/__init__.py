"""Who may do what: roles and actions, accounts, sessions, keys, tokens."""
