"""Where one-time links lead: the first owner, an invitation, a new password."""
