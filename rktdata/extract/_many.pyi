from typing import Any

from numpy.typing import NDArray

from rktdata.schemas.values import Ints

def answers(function: int, is_address: bool, columns: tuple[Ints, ...], out: Ints) -> None: ...
def fill(
    function: int, columns: tuple[Ints, ...], out: NDArray[Any], rows: int, second: int
) -> None: ...
