"""A small HTTP service on the loopback address; every solve runs in a child process.

`allocator.api.app.create_app` makes it. This package imports nothing, so that `allocator --help`
does not load the service.
"""
