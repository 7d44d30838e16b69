"""The audit log: acts appended with what they are about, and the proofs that none was changed."""
