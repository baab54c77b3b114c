//! `govern` — Who may, and what was disclosed: accounts, sessions, roles, the audit chain.
