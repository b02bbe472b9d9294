"""What the service does, without HTTP: accounts, queue, workflow, audit, operations.

Every use case takes a `Caller`, checks what the caller may do, changes the store and writes the
audit log in one transaction. `allocator.api` and `allocator.cli` are doors to it.
"""
