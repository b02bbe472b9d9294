"""The scenario facilities F01-F20 as frozen specifications."""

from allocator.simulate.facilities import balkans, networks, western
from allocator.simulate.spec import Facility

FACILITIES: dict[str, Facility] = {
    facility.name: facility
    for facility in (*balkans.FACILITIES, *networks.FACILITIES, *western.FACILITIES)
}
