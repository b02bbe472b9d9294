"""Search and bounds over shapes; `solve` is the public call."""
