"""Housing allocation optimiser: lawful, verified placement plans for prison services.

The software proposes; a named person decides.
"""

__version__ = "0.1.0"
