"""What the service refuses, and why; `allocator.api.problems` gives each its HTTP status.

::

    ServiceError
    ├── AuthenticationError   nobody we know, or no longer
    ├── ForbiddenError        known, in scope, but not allowed by any role
    ├── NotFoundError         not there, or of a facility out of the caller's scope
    ├── StateError            the object's state does not allow it now
    │   ├── ExpiredError          the plan no longer fits the data, or its time is over
    │   ├── SamePersonError       two different people must do it
    │   ├── BulkSigningError      this is signed one by one
    │   └── OlderFormError        a stored answer lacks what its page draws
    ├── StaleError            the object is another than the caller saw (If-Match)
    ├── ConditionMissingError the caller must say which state they saw
    ├── KeyReusedError        an Idempotency-Key was used for another request
    └── RateError             too often; come back in `retry_seconds`
        └── QueueFullError    as many runs wait as may wait
"""

from allocator.errors import AllocatorError


class ServiceError(AllocatorError):
    """Base of everything that the service refuses."""

    code = "refused"


class AuthenticationError(ServiceError):
    """The caller gave no credentials, or such as are not valid."""

    code = "not_authenticated"


class ForbiddenError(ServiceError):
    """No role of the caller allows the action."""

    code = "forbidden"


class NotFoundError(ServiceError):
    """The object is not there, or belongs to a facility that the caller has nothing to do with."""

    code = "not_found"


class StateError(ServiceError):
    """What was asked for is not allowed in the object's present state."""

    code = "state_conflict"


class ExpiredError(StateError):
    """The plan's data have moved on, or its time is over; the message says what changed."""

    code = "plan_expired"


class SamePersonError(StateError):
    """Two different people have to do it, and this one has done their part."""

    code = "second_person_needed"


class BulkSigningError(StateError):
    """Something that has to be signed by itself came with others."""

    code = "sign_one_by_one"


class OlderFormError(StateError):
    """A stored answer lacks something that its page draws, as answers of older versions do."""

    code = "older_form"


class StaleError(ServiceError):
    """Somebody changed the object since the caller read it."""

    code = "precondition_failed"


class ConditionMissingError(ServiceError):
    """A change needs the ETag of what the caller saw."""

    code = "precondition_required"


class KeyReusedError(ServiceError):
    """The same Idempotency-Key came with another request."""

    code = "idempotency_key_reused"


class RateError(ServiceError):
    """Too many requests; `retry_seconds` says when to come back, at least 1."""

    code = "rate_limited"

    def __init__(self, user_message: str, retry_seconds: int) -> None:
        super().__init__(user_message)
        self.retry_seconds = max(1, retry_seconds)


class QueueFullError(RateError):
    """No room for another run now."""

    code = "queue_full"
