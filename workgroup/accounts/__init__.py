"""The person: account, sign-in, profile."""
