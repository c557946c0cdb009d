from __future__ import annotations

import pickle

import pytest
from pydantic import ValidationError

from rktdata.schemas.options import Options


@pytest.mark.parametrize(
    "given", [{"colour": "red"}, {"reader": "paper"}, {"vocabulary": "no = = TOML"}]
)
def test_what_is_not_understood_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match=next(iter(given))):
        Options.model_validate(given)


def test_options_go_to_workers_whole_and_do_not_show_the_password() -> None:
    options = Options(password="rahasia", vocabulary='a = "b"')
    assert pickle.loads(pickle.dumps(options)) == options
    assert "rahasia" not in repr(options)
