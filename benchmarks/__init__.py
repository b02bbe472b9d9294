"""Scripts that rebuild stored files and measure the program; not part of the package."""
