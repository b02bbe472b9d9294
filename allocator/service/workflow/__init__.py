"""What people do with a plan: propose, review, sign, carry out, reject; and when it expires."""
