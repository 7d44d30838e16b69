"""People who log in, their sessions and second factors, and the approvals of supervisors."""
