"""What keeps the service in order: retention, erasure, backups."""
