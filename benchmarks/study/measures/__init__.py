"""What is measured besides the quality of methods: urgent placement, and cost against size."""
