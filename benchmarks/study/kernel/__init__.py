"""What the local searches among the peers share: an instance as arrays and incremental costs.

Written for the study, from the meaning of the shapes; nothing of `allocator.solver` is used.
"""
