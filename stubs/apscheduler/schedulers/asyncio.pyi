from collections.abc import Awaitable, Callable
from typing import Any

class AsyncIOScheduler:
    running: bool
    def __init__(self, *, timezone: str = ...) -> None: ...
    def add_job(
        self,
        func: Callable[[], Awaitable[None]],
        trigger: str,
        *,
        seconds: float = ...,
        coalesce: bool = ...,
        max_instances: int = ...,
        misfire_grace_time: int | None = ...,
    ) -> Any: ...
    def start(self) -> None: ...
    def shutdown(self, wait: bool = ...) -> None: ...
