"""The people of the organisation: invite, change a role, deactivate."""
