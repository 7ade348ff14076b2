"""The commands of `voter-reg`, one subject a file; `voter_reg.cli` loads the one that is called and no other."""
