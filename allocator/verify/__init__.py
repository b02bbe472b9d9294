"""The judge: breaches and values of a finished plan, recomputed straight from the scenario.

It shares only `allocator.model` with what it judges: no shapes, no arrays, no solver. One file per
rule (`r09_non_association`) and per goal (`g32_spillover`); `discover` finds them by name.
"""

from allocator.verify.judge import verify
from allocator.verify.plan_check import check_plan
from allocator.verify.replay import check_aim, check_holding, check_sequence

__all__ = ["check_aim", "check_holding", "check_plan", "check_sequence", "verify"]
